import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { firstEvidence, waitingChanges } from './network-change-repository.ts'
import { closed, lost, opened, restored, useSuppliedField } from './supplied-field.fixture.ts'

describe('changes of the network', function () {
  this.timeout(60_000)
  const field = useSuppliedField()
  const { told } = field

  it('follows the network: what is told of it later holds for before', async () => {
    field.keeper()
    await told(opened('sw-a3', 10), closed('sw-a3', 20))
    await field.database.query(`update unit_supply set transformer_id = 'a2-1' where unit_id = 'a3-2-2'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×3'])
    await field.database.query(`update unit_supply set transformer_id = 'a3-2' where unit_id = 'a3-2-2'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×4'])
  })

  it('of whose meter it was are computed again', async () => {
    field.keeper()
    await told(lost('m-a1-1-1', 10), restored('m-a1-1-1', 20))
    assert.deepEqual(await field.texts(), ['unit a1-1-1 10-20 ×1'])
    await field.database.query(`update meter_assignment set validity = '[2026-11-22,)' where unit_id = 'a1-1-1'`)
    await field.settled()
    assert.deepEqual(await field.texts(), [])
    await field.database.query(`update meter_assignment set validity = '(,)' where unit_id = 'a1-1-1'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['unit a1-1-1 10-20 ×1'])
  })

  it('are taken with evidence that nobody has come to, of whichever month', async () => {
    await field.store([opened('sw-a3', -60 * 24 * 60), closed('sw-a3', -60 * 24 * 60 + 10)])
    await field.database.query(`insert into network_change (element_kind, element_ids, from_at)
      values ('switch', array['sw-a3'], '-infinity')`)
    field.keeper()
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 -86400--86390 ×4'])
  })

  it('wait to be taken, and begin with the first evidence there is', async () => {
    assert.equal(await field.database.transaction((client) => firstEvidence(client)), null)
    await field.database
      .query(`insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break, validity)
      values ('new', 'a1', 'b1', false, true, '[2026-12-01T00:00Z,)')`)
    assert.deepEqual(await waitingChanges(field.database), { waiting: true, instants: [Date.UTC(2026, 11)] })
  })
})
