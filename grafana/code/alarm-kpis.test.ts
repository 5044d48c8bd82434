import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { targets } from '../../nodes/alarms/domain/kpis/key-figures.ts'
import { alarmKpis } from './alarm-kpis.ts'
import { dashboardOf } from './dashboard.ts'

const panels = dashboardOf(alarmKpis).panels as Panel[]

describe('dashboard of key figures of alarms', () => {
  for (const name of ['alarms-per-day', 'time-in-flood', 'ten-most-frequent', 'chattering', 'stale'] as const)
    it(`judges ${name} by its target`, () => {
      const { title, good, most } = targets[name]
      const { defaults } = panels.find((panel) => panel.title === title.pt)!.fieldConfig
      const bounds = defaults.thresholds!.steps.slice(1).map(({ value }) => Math.round(value!))
      assert.deepEqual(bounds, good === most ? [most] : [good, most])
    })

  it('counts occurrences that operators were told of', () => {
    const asked = JSON.stringify(panels.find(({ title }) => title === targets['alarms-per-day'].title.pt)!.targets)
    assert.match(asked, /o\.annunciated/)
  })
})
