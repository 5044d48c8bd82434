import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { firstMonday, generateSessions, type Site } from './generated-sessions.ts'

const site = (place: Site['place']): Site => ({
  ...{ place, feederId: 'f', carsPerDay: 100, maxKw: 7.4, phaseShare: { A: 0.5, B: 0.3, C: 0.2 } },
  ...{ threePhaseShare: 0.25, threePhaseMaxKw: 11 },
})
const hourOf = (instant: number): number => ((instant - firstMonday) / 3_600_000) % 24
const middle = (of: readonly number[]): number => of.toSorted((one, other) => one - other)[Math.floor(of.length / 2)]!

describe('generated sessions', () => {
  const [work, home] = [generateSessions(site('workplace'), 28, 7), generateSessions(site('home'), 28, 7)]

  it('are the same for the same seed, others for another', () => {
    assert.deepEqual(generateSessions(site('home'), 28, 7), home)
    assert.notDeepEqual(generateSessions(site('home'), 28, 8), home)
  })

  it('at work come in the morning of working days and stay for hours', () => {
    const morning = work.filter(({ arrival }) => hourOf(arrival) >= 6 && hourOf(arrival) < 11)
    assert.ok(morning.length > 0.5 * work.length)
    const weekend = work.filter(({ arrival }) => Math.floor((arrival - firstMonday) / 86_400_000) % 7 >= 5)
    assert.ok(weekend.length < 0.1 * work.length && weekend.length > 0)
    assert.ok(Math.abs(work.length / 2_060 - 1) < 0.05, `${work.length} sessions`)
  })

  it('at home come in the evening, stay the night, and ask for 7.5 kWh in the middle', () => {
    assert.ok(Math.abs(middle(home.map(({ arrival }) => hourOf(arrival))) - 17.7) < 0.7)
    assert.ok(middle(home.map(({ arrival, departure }) => (departure - arrival) / 3_600_000)) > 10)
    assert.ok(Math.abs(middle(home.map(({ energyKwh }) => energyKwh)) - 7.5) < 0.5)
  })

  it('ask for nothing that their charger could not give, and have ids of their own', () => {
    for (const { arrival, departure, energyKwh, maxKw } of [...work, ...home])
      assert.ok(energyKwh > 0 && energyKwh <= (maxKw * (departure - arrival)) / 3_600_000)
    assert.equal(new Set(work.map(({ id }) => id)).size, work.length)
  })

  it('are spread over the phases as they should be', () => {
    const three = work.filter(({ phases }) => phases.length === 3)
    assert.ok(Math.abs(three.length / work.length - 0.25) < 0.04)
    const onA = work.filter(({ phases }) => phases.length === 1 && phases[0] === 'A')
    assert.ok(Math.abs(onA.length / (work.length - three.length) - 0.5) < 0.05)
    assert.deepEqual([...new Set(three.map(({ maxKw }) => maxKw))], [11])
  })
})
