import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboardOf } from './dashboard.ts'
import { platformHealth } from './platform-health.ts'

const panels = dashboardOf(platformHealth, 'http://localhost:1880').panels as Panel[]
const panel = (title: string): Panel => panels.find((each) => each.title === title)!

describe('dashboard of the platform itself', () => {
  it('turns red where the node telemetry watch says that a consumer is behind', () => {
    const node = readFileSync(new URL('../../../nodes/telemetry/telemetry-watch.html', import.meta.url), 'utf8')
    const [, minutes] = /behindMinutes: \{ value: (\d+)/.exec(node)!
    const { steps } = panel('Consumidor mais atrasado').fieldConfig.defaults.thresholds!
    assert.equal(steps.at(-1)!.value, Number(minutes) * 60)
  })
})
