import assert from 'node:assert/strict'
import { showValue } from './show-value.ts'

describe('showValue', () => {
  const circle: Record<string, unknown> = {}
  circle['itself'] = circle
  const nested = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown

  for (const [what, value, shown] of [
    ['text', 'a\0b', '"a\\u0000b"'],
    ['a number', 1.5, '1.5'],
    ['infinity', -Infinity, '-Infinity'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['what contains itself', circle, 'object that JSON cannot hold'],
    ['lists without end', nested, 'array that JSON cannot hold'],
    ['a big integer', 10n, 'bigint that JSON cannot hold'],
  ] as const) {
    it(`shows ${what}`, () => assert.equal(showValue(value), shown))
  }

  it('is short, however long the value', () => assert.equal(showValue('x'.repeat(1e6)).length, 78))
})
