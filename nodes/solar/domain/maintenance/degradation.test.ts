import assert from 'node:assert/strict'
import { degradationOf, usualDegradation } from './degradation.ts'
import { drawsOf } from './draws.ts'

/** Years that age, with the seasons' wave, rain every month and the weather of days. */
function yearsOf(years: number, perYear: number) {
  const draws = drawsOf(11)
  return Array.from({ length: Math.round(years * 365) }, (_, day) => ({
    day,
    ratio:
      (0.95 + (perYear * day) / 365) * (1 - 0.002 * (day % 30)) +
      0.02 * Math.cos((2 * Math.PI * day) / 365) +
      0.01 * draws.normal(),
  }))
}

describe('degradation', () => {
  it('is what is usual where a history is shorter than two years', () =>
    assert.equal(degradationOf(yearsOf(1.9, -0.02)), usualDegradation))

  it('is found year on year beneath dirt, seasons and weather', () => {
    const { perYear, sd, basis } = degradationOf(yearsOf(4, -0.015))
    assert.equal(basis, 'year-on-year')
    assert.ok(perYear < -0.01 && perYear > -0.018, `${perYear}`)
    assert.ok(sd < usualDegradation.sd)
  })

  it('never says that a panel gets better', () => assert.ok(degradationOf(yearsOf(4, 0.01)).perYear <= 0))

  it('is what is usual of days that are too far apart', () => {
    const sparse = yearsOf(3, -0.01).filter(({ day }) => day % 20 === 0)
    assert.equal(degradationOf(sparse), usualDegradation)
  })

  it('is what is usual of no days', () => assert.equal(degradationOf([]), usualDegradation))
})
