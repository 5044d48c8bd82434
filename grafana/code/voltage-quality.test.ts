import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { transgressionOn } from '../../nodes/voltage/domain/transgression.ts'
import { dashboardOf } from './dashboard.ts'
import { voltageQuality } from './voltage-quality.ts'

const panels = dashboardOf(voltageQuality).panels as Panel[]
const { drpLimitPct, drcLimitPct, windows } = transgressionOn('2026-11-22').value

describe('dashboard of voltage quality', () => {
  it('draws the limits of the rule table', () => {
    for (const [title, limitPct] of [
      ['DRP mais alto', drpLimitPct],
      ['DRC mais alto', drcLimitPct],
    ] as const) {
      const { defaults } = panels.find((each) => each.title === title)!.fieldConfig
      const [, near, beyond] = defaults.thresholds!.steps
      assert.equal(near!.value, limitPct / 2)
      assert.ok(beyond!.value! > limitPct && beyond!.value! <= limitPct + 100 / windows + 0.001, title)
      assert.equal(defaults.max, 2 * limitPct)
    }
  })

  it('counts as beyond what the rule counts as beyond', () => {
    const [{ rawSql }] = panels.find((each) => each.title === 'Medidores acima do limite')!.targets as unknown as [
      { rawSql: string },
    ]
    assert.ok(rawSql.includes(`drp > ${drpLimitPct})`) && rawSql.includes(`drc > ${drcLimitPct})`))
    assert.ok(rawSql.includes(`* 100.0 / ${windows}`))
  })
})
