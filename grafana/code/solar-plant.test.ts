import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { before, describe, it } from 'mocha'
import { usualQuestion } from '../../nodes/solar/domain/maintenance/forecast.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { dashboardOf } from './dashboard.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'
import { solarPlant } from './solar-plant.ts'

const panels = dashboardOf(solarPlant).panels as Panel[]
const panel = (title: string): Panel => panels.find((each) => each.title === title)!
const looked = {
  chosen: { site: ['roof'] },
  from: Date.parse('2026-11-22T12:00:00Z'),
  to: Date.parse('2026-11-23T21:00:00Z'),
}

describe('dashboard of a solar plant', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const shown = <Row extends object>(title: string) => {
    const [{ rawSql }] = panel(title).targets as unknown as [{ rawSql: string }]
    return rowsOfSql<Row>(test.database, rawSql, looked)
  }

  before(() =>
    test.database.query(
      `insert into feeder (feeder_id) values ('f-1');
       insert into site (site_id, feeder_id) values ('roof', 'f-1'), ('other', 'f-1');
       insert into device (device_id, kind, status, feeder_id, site_id) values
         ('p-1', 'panel', 'active', 'f-1', 'roof'), ('p-2', 'panel', 'active', 'f-1', 'roof'), ('p-3', 'panel', 'active', 'f-1', 'other');
       select ensure_partition('solar_panel_day', at) from (values (timestamptz '2026-11-22T03:00Z'), ('2026-11-23T03:00Z')) d (at);
       insert into solar_panel_day (device_key, begins_at, day, plant_id, is_final, rated_w, tariff_brl_kwh, hours, daylight_hours,
         energy_wh, rated_wh, daylight_wh, expected_wh, referred_wh, reference_wh, corrected_wh, corrected_reference_wh)
       select device_key, begins, (begins at time zone 'America/Sao_Paulo')::date, site_id, false, 400, 0.8, 24, 11, wh, 9600, wh, 2000, 0,
         0, 0, 0
       from device join (values
         ('p-1', timestamptz '2026-11-22T03:00Z', 1000), ('p-1', '2026-11-23T03:00Z', 2000),
         ('p-2', '2026-11-22T03:00Z', 1900), ('p-2', '2026-11-23T03:00Z', 1500), ('p-3', '2026-11-23T03:00Z', 500)
       ) given (device_id, begins, wh) using (device_id);
       insert into solar_anomaly (plant_id, device_key, kind, began_at, found_at, changed_at, ended_at, severity, panel_ids, evidence,
         recommendations)
       select 'roof', device_key, given.kind, '2026-11-23T12:00Z', '2026-11-23T12:30Z', '2026-11-23T12:30Z', ended, 'high', array[device_id],
         '[]', '{clean}'
       from device join (values ('p-1', 'zero_output', null::timestamptz), ('p-2', 'hot_panel', '2026-11-23T15:00Z'))
         given (device_id, kind, ended) using (device_id)`,
    ),
  )

  it('is red below the share at which the forecast of maintenance calls a panel due', () => {
    const [below, due] = panel('Índice de desempenho do dia').fieldConfig.defaults.thresholds!.steps
    assert.equal(below!.color, 'red')
    assert.equal(due!.value, 100 * usualQuestion.thresholdShare)
  })

  it('tells the newest day of the plant: energy, loss, what that costs, and the index', async () => {
    assert.deepEqual(await shown('Energia do dia'), [{ Gerada: 3.5, Perdida: 0.5 }])
    assert.deepEqual(await shown('Perda do dia'), [{ Perda: 0.4 }])
    assert.deepEqual(await shown('Índice de desempenho do dia'), [{ 'Índice de desempenho': 87.5 }])
  })

  it('tells days in their order, of the chosen plant alone', async () =>
    assert.deepEqual(await shown('Energia por dia'), [
      { Dia: '22/11', Gerada: 2.9, Esperada: 4 },
      { Dia: '23/11', Gerada: 3.5, Esperada: 4 },
    ]))

  it('ranks panels by what they lose in the period', async () => {
    assert.deepEqual(await shown('Painéis mais fracos'), [
      { Painel: 'p-1', 'Índice de desempenho': 75 },
      { Painel: 'p-2', 'Índice de desempenho': 85 },
    ])
    const rows = await shown<{ Painel: string; Perdida: number }>('Painéis')
    assert.deepEqual(
      rows.map(({ Painel, Perdida }) => [Painel, Perdida]),
      [
        ['p-1', 1],
        ['p-2', 0.6],
      ],
    )
  })

  it('counts anomalies that last', async () =>
    assert.deepEqual(await shown('Anomalias ativas'), [{ Graves: '1', Outras: '0' }]))
})
