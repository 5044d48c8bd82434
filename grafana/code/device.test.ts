import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { describe, it } from 'mocha'
import { dashboardOf } from './dashboard.ts'
import { device } from './device.ts'
import { useOwnTables } from './own-tables.fixture.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'
import { bandLines } from './voltage-limits.ts'

const panels = dashboardOf(device).panels as Panel[]
const panel = (title: string): Panel => panels.find((each) => each.title === title)!

describe('dashboard of a device', () => {
  it('draws the bounds of the bands as lines of their own, recent and past', () => {
    for (const title of ['Tensão, últimas 6 horas', 'Tensão no período'])
      assert.deepEqual(
        panel(title)
          .fieldConfig.overrides.filter(({ matcher }) => matcher.id === 'byName')
          .map(({ matcher }) => matcher.options),
        [...bandLines],
      )
  })

  it('draws the limits of alarm rules with what they are limits of, whatever the rules are called', () => {
    for (const title of [
      'Potência, últimas 6 horas',
      'Tensão, últimas 6 horas',
      'Potência no período',
      'Tensão no período',
    ]) {
      const { targets, fieldConfig } = panel(title)
      const last = targets!.at(-1) as unknown as { refId: string; rawSql: string }
      assert.match(last.rawSql, /join alarm_rule/)
      const { matcher, properties } = fieldConfig.overrides.at(-1)!
      assert.deepEqual(matcher, { id: 'byFrameRefID', options: last.refId })
      assert.ok(properties.some(({ id }) => id === 'custom.lineStyle'))
    }
  })

  it('calls a device silent from the default of the platform on', () =>
    assert.equal(panel('Última leitura há').fieldConfig.defaults.thresholds!.steps[1]!.value, 120))

  it('reads of its history what was rolled up, in the unit that it shows', () => {
    const [{ rawSql }] = panel('Potência no período').targets as unknown as [{ rawSql: string }]
    assert.match(rawSql, /\('power_w'::measure, 'mean', 'Média', -0\.001::float8\)/)
  })
})

describe('readings of a device by the hour', function () {
  this.timeout(60_000)
  const database = useOwnTables(`
    create temp table device (device_key integer, device_id text);
    create temp table reading_hour (device_key integer, at timestamptz, samples integer);
    insert into device values (1, 'm-1'), (2, 'm-2');
    insert into reading_hour values (1, '2026-11-23T12:00Z', 60), (2, '2026-11-23T13:00Z', 60), (1, '2026-11-23T14:00Z', 30)`)

  it('have a row without a value where there is a gap: the hour before does not go on', async () => {
    const [{ rawSql }] = panel('Leituras por hora').targets as unknown as [{ rawSql: string }]
    const from = Date.parse('2026-11-23T12:30Z')
    const rows = await rowsOfSql<{ Leituras: number | null }>(database, rawSql, {
      ...{ chosen: { device: ['m-1'] }, from, to: from + 2 * 3_600_000 },
    })
    assert.deepEqual(
      rows.map(({ Leituras }) => Leituras),
      [60, null, 30],
    )
  })
})
