import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { easterOf, nationalHolidayOn } from './holidays.ts'

describe('Easter Sunday', () => {
  for (const [year, day] of [
    [1961, '1961-04-02'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ] as const)
    it(`of ${year} is ${day}`, () => assert.equal(easterOf(year), day))

  it('is a Sunday from 22 March to 25 April (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2400 }), (year) => {
        const day = easterOf(year)
        assert.equal(new Date(`${day}T00:00:00Z`).getUTCDay(), 0)
        assert.ok(day >= `${year}-03-22` && day <= `${year}-04-25`)
      }),
    )
  })
})

describe('holidays of the nation', () => {
  for (const [day, name] of [
    ['2026-01-01', 'Confraternização Universal'],
    ['2026-04-03', 'Sexta-feira Santa'],
    ['2026-04-21', 'Tiradentes'],
    ['2026-05-01', 'Dia do Trabalho'],
    ['2026-09-07', 'Independência do Brasil'],
    ['2026-10-12', 'Nossa Senhora Aparecida'],
    ['2026-11-02', 'Finados'],
    ['2026-11-15', 'Proclamação da República'],
    ['2026-11-20', 'Dia da Consciência Negra'],
    ['2023-11-20', undefined],
    ['2026-12-25', 'Natal'],
    ['2026-02-17', undefined],
    ['2026-06-04', undefined],
    ['2026-11-24', undefined],
  ] as const)
    it(`${day}: ${name ?? 'none'}`, () => assert.equal(nationalHolidayOn(day)?.pt, name))
})
