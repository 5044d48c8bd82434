import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { freshForMs } from './freshness.ts'
import { positionUnknown } from './position-unknown.ts'
import { field, intended, report, said } from './surroundings.fixture.ts'
import type { SwitchReport } from './surroundings.ts'
import { tuesday } from './switching.fixture.ts'

describe('a position that is not known', () => {
  const close = (told: Partial<SwitchReport> | undefined, type: 'close' | 'open' | 'trip' = 'close') =>
    said(positionUnknown, intended(type, 'sw-b'), field(told && { reports: new Map([['sw-b', report(told)]]) }))

  for (const [what, told, why] of [
    ['nothing was ever said', undefined, 'sw-b has never said how it stands'],
    ['it is on its way', { position: 'intermediate' }, 'sw-b is neither open nor closed'],
    ['it doubts itself', { quality: 'questionable' }, 'sw-b doubts its own position: questionable'],
    ['it knows that it is wrong', { quality: 'invalid' }, 'sw-b doubts its own position: invalid'],
    ['it is stale', { at: tuesday - freshForMs - 1 }, 'sw-b has not said how it stands since 2026-11-24T12:54:59.999Z'],
    [
      'it is from far ahead',
      { at: tuesday + freshForMs + 1 },
      'sw-b has not said how it stands since 2026-11-24T13:05:00.001Z',
    ],
  ] as const)
    it(`forbids to open and close where ${what}; a trip makes safe nevertheless`, () => {
      assert.deepEqual(close(told), [why])
      assert.deepEqual(close(told, 'open'), [why])
      assert.deepEqual(close(told, 'trip'), [])
    })

  it('a good one forbids nothing, to the last millisecond, nor one that came late', () => {
    assert.deepEqual(close({ at: tuesday - freshForMs }), [])
    assert.deepEqual(close({ quality: 'late' }), [])
  })
})
