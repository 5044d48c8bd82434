import assert from 'node:assert/strict'
import type { PanelSample } from '../../nodes/solar/domain/plant.ts'
import { WeeklyForest } from './weekly-forest.ts'

const DAY = 86_400_000
const sample = (at: number, powerW: number, temperatureC = 25 + powerW / 15): PanelSample => ({
  ...{ at, powerW, temperatureC, voltageV: 41 - powerW / 150, currentA: powerW / (41 - powerW / 150) },
  ...{ samples: 300, irradianceWm2: null },
})
const healthyAt = (at: number) => Array.from({ length: 10 }, (_, n) => sample(at, 100 + ((at / 300_000 + n * 7) % 250)))

function taught(days: number): WeeklyForest {
  const forest = new WeeklyForest('plant-01')
  for (let at = 0; at < days * DAY; at += 900_000) forest.learn(at, healthyAt(at))
  return forest
}

describe('the forest of a judged year', function () {
  this.timeout(20_000)

  it('scores nothing until it has seen enough days', () => {
    const forest = taught(3)
    assert.equal(forest.version, 0)
    assert.equal(forest.scoresOf(new Map([['a', sample(0, 200)]])).size, 0)
  })

  it('finds a panel that is unlike all others, and grows anew each week', () => {
    const forest = taught(20)
    assert.ok(forest.version >= 2 && forest.version <= 3, `${forest.version}`)
    const scores = forest.scoresOf(
      new Map([
        ['usual', sample(0, 200)],
        ['odd', sample(0, 345, 31)],
      ]),
    )
    assert.ok(scores.get('odd')! > scores.get('usual')! + 0.05, JSON.stringify([...scores]))
  })
})
