import assert from 'node:assert/strict'
import { exampleBody } from './field.fixture.ts'
import { schemaFault } from './schema-check.ts'

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
    ['the words of a contact', { contact: 'ajar' }, 'bad_value', 'contact: "ajar" must be open or closed'],
    ['a contact that is no word', { contact: true }, 'bad_value', 'contact: true must be string'],
    ['a timestamp of no form', { timestamp: true }, 'bad_value', 'timestamp: true must be string'],
  ]
  for (const [what, changes, reason, detail] of cases) {
    it(`names ${what}`, () => {
      assert.deepEqual(schemaFault('meter', exampleBody('meter', 'one-phase', changes)), { reason, detail })
    })
  }
})
