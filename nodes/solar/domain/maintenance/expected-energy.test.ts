import assert from 'node:assert/strict'
import { expectedEnergy } from './expected-energy.ts'

const season = (day: number): number => 2 + Math.cos((2 * Math.PI * day) / 365)
const daysOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ day: from + index, expectedKwh: season(from + index) }))

describe('energy to be expected', () => {
  it('is as around the same day a year ago', () => {
    const ahead = expectedEnergy(daysOf(0, 500))
    for (const days of [1, 90, 180]) assert.ok(Math.abs(ahead(days) - season(499 + days)) < 0.02, `${days}`)
  })

  it('is as on the last 30 days where a year ago nothing was', () => {
    const ahead = expectedEnergy(daysOf(0, 60))
    assert.ok(Math.abs(ahead(1) - season(45)) < 0.05)
    assert.equal(ahead(1), ahead(100))
    const holed = expectedEnergy(daysOf(0, 500).filter(({ day }) => day > 300 || day % 5 === 0))
    assert.ok(Math.abs(holed(1) - season(485)) < 0.05)
  })

  it('looks back two years for what is more than a year ahead', () => {
    const ahead = expectedEnergy(daysOf(0, 800))
    assert.ok(Math.abs(ahead(400) - season(1_199)) < 0.02)
  })

  it('is none of no days', () => assert.equal(expectedEnergy([])(1), 0))
})
