import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { dashboardOf } from './dashboard.ts'
import { gridOverview } from './grid-overview.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'

const panels = dashboardOf(gridOverview).panels as Panel[]
const to = Date.parse('2026-11-23T21:00:00Z')

describe('grid overview', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const shown = <Row extends object>(title: string, feeder: readonly string[] = ['root', 'f-1', 'f-2']) => {
    const [{ rawSql }] = panels.find((each) => each.title === title)!.targets as unknown as [{ rawSql: string }]
    return rowsOfSql<Row>(test.database, rawSql, { chosen: { feeder }, from: to - 3_600_000, to })
  }

  before(() =>
    test.database.query(
      `insert into feeder (feeder_id, parent_feeder_id, limit_kw) values ('root', null, null), ('f-1', 'root', 100), ('f-2', 'root', 40), ('f-3', 'f-1', null);
       insert into device (device_id, kind, status, feeder_id)
       values ('m-1', 'meter', 'active', 'f-3'), ('m-2', 'meter', 'active', 'f-2'), ('m-3', 'meter', 'active', 'f-2');
       insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, given.at, given.at, 'good', kw, '{}' from device join (values
         ('m-1', timestamptz '2026-11-23T20:59:30Z', 30), ('m-2', '2026-11-23T20:59:30Z', 50), ('m-3', '2026-11-23T19:00:00Z', 7)
       ) given (device_id, at, kw) using (device_id)`,
    ),
  )

  it('adds up the load of feeders without counting what is below a chosen one twice', async () => {
    assert.deepEqual(await shown('Carga total'), [{ 'Carga total': 80 }])
    assert.deepEqual(await shown('Carga total', ['f-1', 'f-2']), [{ 'Carga total': 80 }])
    assert.deepEqual(await shown('Carga total', ['f-2']), [{ 'Carga total': 50 }])
    assert.deepEqual(await shown('Carga total', ['root', 'f-3']), [{ 'Carga total': 80 }])
  })

  it('tells the feeder that is loaded most first; one without a limit has no loading', async () =>
    assert.deepEqual(await shown('Carregamento por alimentador'), [
      { Alimentador: 'f-2', Carregamento: 125 },
      { Alimentador: 'f-1', Carregamento: 30 },
    ]))

  it('is red from the limit of the registry on, which moves with it', async () => {
    const { defaults } = panels.find((each) => each.title === 'Carregamento por alimentador')!.fieldConfig
    assert.equal(defaults.thresholds!.steps.at(-1)!.value, 100)
    await test.database.query(`update feeder set limit_kw = 200 where feeder_id = 'f-2'`)
    const [, second] = await shown<{ Alimentador: string; Carregamento: number }>('Carregamento por alimentador')
    assert.deepEqual(second, { Alimentador: 'f-2', Carregamento: 25 })
    await test.database.query(`update feeder set limit_kw = 40 where feeder_id = 'f-2'`)
  })

  it('counts a device as silent by the setting of the platform', async () =>
    assert.deepEqual(await shown('Dispositivos silenciosos'), [{ 'Dispositivos silenciosos': '1' }]))
})
