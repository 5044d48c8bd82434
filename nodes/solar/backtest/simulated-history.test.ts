import assert from 'node:assert/strict'
import { simulatedHistory } from './simulated-history.ts'

describe('simulated histories', () => {
  const histories = Array.from({ length: 40 }, (_, seed) => simulatedHistory(seed + 1))

  it('are the same for the same seed, and others for another', () => {
    assert.deepEqual(simulatedHistory(9), simulatedHistory(9))
    assert.notDeepEqual(simulatedHistory(9).days, simulatedHistory(10).days)
  })

  it('have ratios that panels have, in the order of their days', () => {
    for (const { days, name } of histories) {
      assert.ok(
        days.every(({ day }, index) => index === 0 || day > days[index - 1]!.day),
        name,
      )
      assert.ok(
        days.every(({ ratio }) => ratio > 0 && ratio < 1.2),
        name,
      )
    }
  })

  it('have gaps, cleanings, and few of them a fault', () => {
    assert.ok(histories.some(({ days }) => days.some(({ day }, index) => index > 0 && day - days[index - 1]!.day > 2)))
    assert.ok(histories.some(({ works }) => works.some(({ what }) => what === 'cleaning')))
    const broken = histories.filter(({ faults }) => faults.length > 0).length
    assert.ok(broken > 0 && broken < 12, `${broken}`)
  })

  it('get dirty and are washed', () => {
    const falls = histories.map(({ levels }) => Math.max(...levels.values()) - Math.min(...levels.values()))
    assert.ok(falls.filter((fall) => fall > 0.05).length > 10)
  })
})
