import assert from 'node:assert/strict'
import type { LiveVoltageUnit } from '../../../../../platform/wire/live.ts'
import { measurementCount, voltageRisks } from './voltage-risks.ts'

const limit = (used: number, budget: number, probability: number, brokenAt: string | null = null) => ({
  ...{ used, budget, probability, brokenAt, breaks: null },
})
const unit = (unitId: string, measurement: object | null) =>
  ({ unitId, feederId: 'f-1', measurement: measurement && { drpViolated: false, drcViolated: false, ...measurement } }) as
    LiveVoltageUnit // prettier-ignore
const forecast = (drp: object, drc: object = limit(0, 5, 0)) => ({ forecast: { drp, drc } })

describe('units close to a limit of voltage', () => {
  const of = (...units: LiveVoltageUnit[]) => voltageRisks(units).map(({ unitId, limit }) => `${unitId} ${limit}`)

  it('are those that have used most of the budget, or probably break it', () => {
    assert.deepEqual(of(unit('u-20', forecast(limit(20, 30, 0.1)))), [])
    assert.deepEqual(of(unit('u-21', forecast(limit(21, 30, 0.1)))), ['u-21 DRP'])
    assert.deepEqual(of(unit('u-2', forecast(limit(2, 30, 0.5)))), ['u-2 DRP'])
  })

  it('are shown with the limit that is closer', () =>
    assert.deepEqual(of(unit('u', forecast(limit(25, 30, 0.6), limit(4, 5, 0.9)))), ['u DRC']))

  it('come with what is broken first, then the most probable', () => {
    const risks = of(
      unit('likely', forecast(limit(10, 30, 0.9))),
      unit('half', forecast(limit(29, 30, 0.6))),
      unit('broken', forecast(limit(31, 30, 1, '2026-03-10T12:00:00Z'))),
      unit('idle', null),
    )
    assert.deepEqual(risks, ['broken DRP', 'likely DRP', 'half DRP'])
  })

  it('are known as broken before a forecast is made', () => {
    const [risk] = voltageRisks([unit('u', { drcViolated: true, forecast: null })])
    assert.deepEqual(risk, {
      ...{ unitId: 'u', feederId: 'f-1', limit: 'DRC', used: null, budget: null, probability: null, isBroken: true },
    })
  })

  it('are of the measurements that run', () =>
    assert.equal(measurementCount([unit('a', null), unit('b', { forecast: null })]), 1))
})
