import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Unusable } from '../../../platform/network/import/cells.ts'
import {
  day,
  hundredths,
  instant,
  limit,
  money,
  month,
  name,
  one,
  optional,
  text,
  voltageClass,
  whole,
  year,
  yesOrNo,
  type RegisterColumn,
} from './columns.ts'

const read = ({ kind }: RegisterColumn, cell: string, decimalMark: ',' | '.' = '.') => {
  const value = kind(cell, { decimalMark, dayStart: () => undefined })
  return value instanceof Unusable ? `! ${value.problem}` : value
}

describe('cells of registers', () => {
  for (const [column, cell, value] of [
    [name('', 'x'), 'OC-2026.1', 'OC-2026.1'],
    [name('', 'x'), 'São', '! not an identifier: letters, digits and _ . : - (64 at most), a letter or digit first'],
    [text('', 'x'), 'Anexo 8.B', 'Anexo 8.B'],
    [year(''), '2026', 2026],
    [year(''), '26', '! not a year (2026)'],
    [month(''), '2026-03', '2026-03'],
    [month(''), '2026-13', '! not a month (2026-03)'],
    [day(''), '2024-02-29', '2024-02-29'],
    [day(''), '2026-02-29', '! not a day (2026-03-31)'],
    [instant(''), '2026-03-10T14:00:00-03:00', Date.UTC(2026, 2, 10, 17)],
    [instant(''), '1773162000000', 1_773_162_000_000],
    [instant(''), '2026-03-10', '! not an instant with offset (2026-03-31T14:00:00-03:00)'],
    [instant(''), '2026-03-10T14:00:00', '! not an instant with offset (2026-03-31T14:00:00-03:00)'],
    [instant(''), '1889-01-01T00:00:00Z', '! not between the years 1990 and 2200'],
    [limit('h', ''), '0', '! not from 0.01 to 8784 h'],
    [limit('h', ''), '12.22', 12.22],
    [whole(1, 10, ''), '1.5', '! not a whole number'],
    [money(100, ''), '61.37', 61.37],
    [yesOrNo(''), 'Sim', true],
    [yesOrNo(''), 'perhaps', '! not true or false'],
    [one(['urban', 'non_urban'], ''), 'URBAN', 'urban'],
    [voltageClass, 'bt', 'BT'],
    [voltageClass, 'HV', '! not one of BT, MT, AT'],
    [hundredths(''), '10.5', 10.5],
    [hundredths(''), '10,50', 10.5],
    [hundredths(''), ',5', 0.5],
    [hundredths(''), '1500', 1_500],
    [hundredths(''), '1.500', '! not clear: write it with two decimals at most'],
    [hundredths(''), '1.500,25', '! not a number of two decimals at most'],
    [hundredths(''), '0.123', '! not clear: write it with two decimals at most'],
    [hundredths(''), '-1', '! not a number of two decimals at most'],
    [hundredths(''), '', '! not a number of two decimals at most'],
    [hundredths(''), '10000000', '! not from 0 to 1000000'],
  ] as const)
    it(`${JSON.stringify(cell)} is ${value}`, () => assert.equal(read(column, cell), value))

  it('of hundredths come back from what they are written as, with either mark (property)', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.constantFrom('.', ','), (value, mark) => {
        const written = (value / 100).toFixed(2).replace('.', mark)
        assert.equal(Math.round((read(hundredths(''), written) as number) * 100), value)
      }),
    )
  })

  it('may be empty where they are optional, and then are null for programs', () => {
    const { required, schema } = optional(month(''))
    assert.equal(required, false)
    assert.deepEqual(
      (schema['anyOf'] as { type: string }[]).map(({ type }) => type),
      ['string', 'null'],
    )
  })
})
