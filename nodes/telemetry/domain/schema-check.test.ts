import assert from 'node:assert/strict'
import { exampleBody } from './field.fixture.ts'
import { schemaFault, showValue } from './schema-check.ts'

describe('schemaFault', () => {
  it('finds none in a sound message', () =>
    assert.equal(schemaFault('meter', exampleBody('meter', 'one-phase')), undefined))

  const cases: [string, Record<string, unknown>, string, string][] = [
    ['a missing field', { va_v: undefined }, 'missing_field', 'va_v is missing'],
    ['a range, though null would do', { va_v: -1 }, 'out_of_range', 'va_v: -1 must be >= 0'],
    ['a type', { va_v: '127' }, 'bad_value', 'va_v: "127" must be number'],
    ['a number that JSON cannot write', { p_kw: Infinity }, 'bad_value', 'p_kw: Infinity must be number'],
    [
      'the words that would do',
      { aggregation: 'max' },
      'bad_value',
      'aggregation: "max" must be instant or mean or rms',
    ],
    ['a timestamp of no form', { timestamp: true }, 'bad_value', 'timestamp: true must be string'],
  ]
  for (const [what, changes, reason, detail] of cases) {
    it(`names ${what}`, () => {
      assert.deepEqual(schemaFault('meter', exampleBody('meter', 'one-phase', changes)), { reason, detail })
    })
  }
})

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
