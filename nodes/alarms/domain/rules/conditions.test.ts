import assert from 'node:assert/strict'
import { defaultDefinitions } from '../default-table.ts'
import { conditionOf, definitionOf, takenBack } from './conditions.ts'
import { limit, ruleOf } from './rules.fixture.ts'
import { unitOf, unitOfMeasure } from './units.ts'

describe('what a rule says', () => {
  const rule = ruleOf(limit('H', 100, 10), { priority: 'high', textEn: 'Too much', onDelayS: 5 })
  const found = { value: 120, limit: 100, unit: 'kW' }
  const said = conditionOf({ rule, active: true, at: 5, found }, 'meter-1', { feederId: 'f-1', unitId: 'u-1' })

  it('has the rule for its kind and the device for its subject, with place, value and words', () =>
    assert.deepEqual(said, {
      ...{
        key: 'rules/watched/meter-1',
        area: 'rules',
        kind: 'watched',
        subject: 'meter-1',
        deviceId: 'meter-1',
        at: 5,
      },
      ...{ state: 'active', priority: 'high', feederId: 'f-1', unitId: 'u-1', ...found },
      text: {
        message: 'rules.holds',
        parameters: { rule: { en: 'Too much', pt: 'Too much' }, found: 120, unit: 'kW' },
      },
    }))

  it('is taken back now, or when it was said where that was later', () =>
    assert.deepEqual([takenBack(said, 9).at, takenBack(said, 1).at, takenBack(said, 9).state], [9, 5, 'normal']))

  it('stands in the master alarm table as the node says it, with what is said of all rules', () => {
    const { scope, priority, setPoint, deadband, onDelayMs, cause } = definitionOf(rule)
    assert.deepEqual(
      [scope.area, scope.kind, priority, setPoint, deadband, onDelayMs],
      ['rules', 'watched', 'high', 100, 10, 5_000],
    )
    assert.equal(cause, defaultDefinitions.find((one) => one.scope.area === 'rules')!.cause)
  })

  it('has the unit that the measure’s name says', () => {
    const measures = ['p_kw', 'q_kvar', 'va_v', 'ia_a', 'power_w', 'shortwave_radiation_wm2', 'pst_a_pu', 'soc']
    assert.deepEqual(measures.map(unitOfMeasure), ['kW', 'kvar', 'V', 'A', 'W', 'W/m²', 'pu', ''])
    const rate = {
      type: 'rate',
      measure: 'p_kw',
      direction: 'rising',
      per: 'minute',
      overMs: 1,
      setPoint: 1,
      deadband: 0,
    } as const
    assert.deepEqual([unitOf(rate), unitOf({ ...rate, per: 'second' })], ['kW/min', 'kW/s'])
  })
})
