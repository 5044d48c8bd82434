import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { describe, it } from 'mocha'
import { dashboardOf } from './dashboard.ts'
import { useOwnTables } from './own-tables.fixture.ts'
import { platformHealth } from './platform-health.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'

const panels = dashboardOf(platformHealth).panels as Panel[]
const panel = (title: string): Panel => panels.find((each) => each.title === title)!

describe('dashboard of the platform itself', () => {
  it('turns red where the node telemetry watch says that a consumer is behind', () => {
    const node = readFileSync(new URL('../../../nodes/telemetry/telemetry-watch.html', import.meta.url), 'utf8')
    const [, minutes] = /behindMinutes: \{ value: (\d+)/.exec(node)!
    const { steps } = panel('Consumidor mais atrasado').fieldConfig.defaults.thresholds!
    assert.equal(steps.at(-1)!.value, Number(minutes) * 60)
  })
})

describe('presence of devices', function () {
  this.timeout(60_000)
  const database = useOwnTables(`
    create temp table alarm (alarm_id bigint, device_id text, kind text, feeder_id text);
    create temp table alarm_transition_report (alarm_id bigint, at timestamptz, kind text);
    insert into alarm values (1, 'm-1', 'device-offline', 'f-1'), (2, 'm-2', 'device-offline', 'f-1');
    insert into alarm_transition_report values
      (1, '2026-11-23T12:10Z', 'activated'), (2, '2026-11-23T12:20Z', 'returned'), (1, '2026-11-23T12:30Z', 'returned')`)

  it('lasts until the next change of the same device, whatever others do, from one end to the other', async () => {
    const [{ rawSql }] = panel('Presença dos dispositivos').targets as unknown as [{ rawSql: string }]
    const from = Date.parse('2026-11-23T12:00Z')
    const rows = await rowsOfSql<{ time: Date; metric: string; value: number }>(database, rawSql, {
      ...{ chosen: { feeder: ['f-1'] }, from, to: from + 3_600_000 },
    })
    const silent = (device: string): unknown[] =>
      rows.filter(({ metric }) => metric === device).map(({ time, value }) => [(time.getTime() - from) / 60_000, value])
    assert.deepEqual(
      silent('m-1'),
      [0, 10, 20, 30, 60].map((minute) => [minute, minute >= 10 && minute < 30 ? 1 : 0]),
    )
    assert.deepEqual(
      silent('m-2'),
      [0, 10, 20, 30, 60].map((minute) => [minute, minute < 20 ? 1 : 0]),
    )
  })
})
