import assert from 'node:assert/strict'
import fc from 'fast-check'
import { safeNext } from './next.ts'

const origin = 'https://operations.example'

describe('where to go after logging in', () => {
  for (const path of ['/', '/dashboard', '/dashboard/field?tab=2#top', '/editor/', '/api/docs', '/a%2Fb', '/loginless'])
    it(`is ${path} where that was asked for`, () => assert.equal(safeNext(path), path))

  for (const hostile of [
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
    ],
    ...['/.//evil.example', '/x/..//evil.example', '/./\\evil.example', '/%2e//evil.example'],
    ...['https://evil.example', 'https:/evil.example', 'http:evil.example', '//evil.example\\@operations.example'],
    ...[
      'javascript:alert(1)',
      'JAVASCRIPT:alert(1)',
      'java\nscript:alert(1)',
      '\u0000javascript:alert(1)',
      'data:text/html,x',
    ],
    ...['%2F%2Fevil.example', '%5C%5Cevil.example', 'evil.example', '', ' //evil.example', './/evil.example'],
    ...['/login', '/login?next=/login', '/LOGIN/oidc', '/logout', '/x/../logout', `/${'x'.repeat(2_000)}`],
  ])
    it(`is never ${JSON.stringify(hostile).slice(0, 60)}`, () => assert.equal(safeNext(hostile), undefined))

  for (const absent of [undefined, null, 7, ['/dashboard'], { path: '/dashboard' }])
    it(`is nowhere in particular for ${JSON.stringify(absent)}`, () => assert.equal(safeNext(absent), undefined))

  it('stays on this server whatever was asked for, also when asked again (property)', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '%2f',
      '%5c',
      '\t',
      '\n',
      'evil.example',
      'javascript:',
      '?',
      '#',
    )
    const tricky = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 8 })
      .map((pieces) => `/${pieces.join('')}`)
    fc.assert(
      fc.property(tricky, (asked) => {
        const next = safeNext(asked)
        if (next === undefined) return
        assert.equal(new URL(next, origin).origin, origin)
        assert.equal(safeNext(next), next)
      }),
      { numRuns: 2_000 },
    )
  })
})
