import assert from 'node:assert/strict'
import { useDatabase } from '../storage/test-database.ts'
import { registerSimulatedField } from './simulated-field.ts'

describe('registerSimulatedField', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('tells an empty registry where panels, meters and switches stand', async () => {
    assert.equal(await registerSimulatedField(test.server.running, 'America/Sao_Paulo'), true)
    const [panel] = await test.database.query(
      `select site.feeder_id, rated_kw from device join site using (site_id) where device_id = 'panel-001'`,
    )
    assert.deepEqual(panel, { feeder_id: 'feeder-02', rated_kw: 0.4 })
  })

  it('gives its units limits and monetary bases, marked as examples', async () => {
    const [known] = await test.database.query(
      `select count(*)::int as units, count(vrc_brl)::int as bases, bool_and(own.source like 'EXAMPLE%') as marked
       from consumer_unit join unit_continuity_limit own using (unit_id) left join unit_monetary_base using (unit_id)`,
    )
    assert.deepEqual(known, { units: 20, bases: 20, marked: true })
  })

  it('leaves a registry alone that somebody has filled', async () => {
    await test.database.query(`update device set location = 'moved' where device_id = 'panel-001'`)
    assert.equal(await registerSimulatedField(test.server.running, 'America/Sao_Paulo'), false)
    const [panel] = await test.database.query(`select location from device where device_id = 'panel-001'`)
    assert.deepEqual(panel, { location: 'moved' })
  })
})
