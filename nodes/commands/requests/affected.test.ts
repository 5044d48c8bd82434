import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { affectedBy } from './affected.ts'

const now = Date.UTC(2026, 10, 21, 12)

describe('whom a command concerns', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    await test.database.query(`insert into network_source (source_id, section_id) values ('src-1', 'a')`)
    await test.database.query(
      `insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break)
       values ('sw-1', 'a', 'b', true, true), ('sw-2', 'b', 'c', false, true)`,
    )
    await test.database.query(
      `insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 220), ('u-2', 220), ('u-3', 220)`,
    )
    await test.database.query(
      `insert into unit_supply (unit_id, section_id) values ('u-1', 'b'), ('u-2', 'b'), ('u-3', 'c')`,
    )
    await test.database.query(
      `with meter as (insert into device (device_id, kind, status) values ('meter-1', 'meter', 'active') returning device_key)
       insert into meter_assignment (unit_id, device_key, validity) select 'u-1', device_key, '[2020-01-01,)' from meter`,
    )
  })
  const affected = (type: 'open' | 'trip' | 'close' | 'disconnect' | 'reboot', deviceId: string) =>
    affectedBy(test.database, { type, deviceId }, now)

  it('is who hangs behind a switch that opens', async () => {
    const behind = { units: 2, sections: [{ sectionId: 'b', phases: 'ABC', units: 2 }] }
    assert.deepEqual(await affected('open', 'sw-1'), behind)
    assert.deepEqual(await affected('trip', 'sw-1'), behind)
    assert.deepEqual(await affected('open', 'sw-2'), { units: 0, sections: [] })
  })

  it('is who gets supply by a switch that closes', async () => {
    assert.deepEqual(await affected('close', 'sw-2'), {
      units: 1,
      sections: [{ sectionId: 'c', phases: 'ABC', units: 1 }],
    })
    assert.deepEqual((await affected('close', 'sw-1')).units, 0)
  })

  it('is the unit of a meter, and nobody where nothing is switched', async () => {
    assert.deepEqual(await affected('disconnect', 'meter-1'), { units: 1, sections: [] })
    assert.deepEqual(await affected('disconnect', 'meter-2'), { units: 0, sections: [] })
    assert.deepEqual(await affected('reboot', 'sw-1'), { units: 0, sections: [] })
  })
})
