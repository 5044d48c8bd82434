import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { dashboardOf } from './dashboard.ts'
import { feeder } from './feeder.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'

const panels = dashboardOf(feeder).panels as Panel[]
const panel = (title: string): Panel => panels.find((each) => each.title === title)!
const to = Date.parse('2026-11-23T21:00:00Z')

describe('dashboard of a feeder', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const shown = <Row extends object>(title: string) => {
    const [{ rawSql }] = panel(title).targets as unknown as [{ rawSql: string }]
    return rowsOfSql<Row>(test.database, rawSql, { chosen: { feeder: ['f-1'] }, from: to - 3_600_000, to })
  }

  before(() =>
    test.database.query(
      `insert into feeder (feeder_id, limit_kw) values ('f-1', 100), ('f-2', 40);
       insert into device (device_id, kind, status, feeder_id) values ('m-1', 'meter', 'active', 'f-1');
       insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, '2026-11-23T20:59:30Z', '2026-11-23T20:59:30Z', 'good', 30, '{}' from device;
       insert into feeder_limit (feeder_id, line, direction, value, unit, validity, days, from_time, until_time, reason, set_by, set_at)
       values ('f-1', 'A', 'import', 90, 'a', '[2026-11-20T00:00Z,)', '{1,2}', '18:00', '21:00', 'peak', 'ana', now()),
         ('f-1', 'total', 'export', 20, 'kw', '[2026-11-20T00:00Z,2026-11-21T00:00Z)', null, null, null, 'over', 'ana', now())`,
    ),
  )

  it('draws the limits that were in force as lines of their own, with the values of the tracking', () => {
    assert.deepEqual(
      panel('Carga e limites').fieldConfig.overrides.map(({ matcher }) => matcher.options),
      ['Limite de consumo', 'Limite de injeção'],
    )
    const queries = JSON.stringify(panel('Carga e limites').targets)
    assert.match(queries, /import_kw/)
    assert.match(queries, /export_kw/)
  })

  it('shows load, limit and room of the registry and the newest readings', async () =>
    assert.deepEqual(await shown('Carga, limite e folga'), [{ Carga: 30, Limite: 100, Folga: 70 }]))

  it('lists limits that are in force or to come, with their source and unit', async () => {
    const rows = await shown<Record<string, unknown>>('Limites')
    assert.deepEqual(
      rows.map((row) => [row['Fonte'], row['Linha'], row['Sentido'], row['Valor'], row['Unidade'], row['Horário']]),
      [
        ['cadastro', 'total', 'ambos', 100, 'kW', null],
        ['operação', 'A', 'consumo', 90, 'A', '18:00–21:00'],
      ],
    )
  })

  it('shows nothing of rounds and tracking where there were none', async () => {
    assert.deepEqual(await shown('Última divisão há'), [])
    assert.deepEqual(await shown('Divisão (índice de Jain)'), [])
    assert.deepEqual(await shown('Divisão atual'), [])
  })
})
