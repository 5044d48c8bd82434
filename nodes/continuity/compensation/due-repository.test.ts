import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { insertCloseRows } from '../control/close-repository.ts'
import { HashChain } from '../control/hash-chain.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { unitsDue } from './due-repository.ts'

describe('units to which something is due', function () {
  this.timeout(60_000)
  const store = useDatabase()
  const month = '2026-03'

  before(async () => {
    const { database } = store
    await seedConjunto(database, 'c-1')
    await seedUnits(database, 'c-1', ['due', 'no-longer', 'waits', 'within', 'without'])
    await database.query(
      `insert into unit_continuity (month, dic_ms, dmic_ms, fic, changed, violation_changed, computed_at, lasts, unit_id, parcels, violated,
         compensation_brl, pending)
       select '2026-03-01', 1, 1, 1, 1, 0, '2026-04-01', false, unit_id, '{}', '{}', brl, pending
       from (values ('due', 5.5, null), ('no-longer', 0, null), ('waits', null, 'a limit'), ('within', 0, null)) u (unit_id, brl, pending)`,
    )
    const [approval] = await database.query<{ id: number }>(
      `insert into approval (kind, body, body_hash, evidence, effect, proposed_by, proposed_by_id, proposed_at, expires_at)
       values ('test', '{}', repeat('0', 64), 'test', '{}', 'ana', 1, '2026-04-01', '2026-04-02') returning approval_id::integer as id`,
    )
    await database.query(
      `insert into month_close (month, version, closed_at, approval_id, reason, rows, units, compensation_brl, delta_brl, changed_units, hash)
       values ('2026-03-01', 1, '2026-04-05', $1, 'test', 2, 2, 9.5, 9.5, 0, repeat('0', 64))`,
      [approval!.id],
    )
    const chain = new HashChain()
    const lines = [
      { kind: 'unit', subject: 'no-longer', amountBrl: 9.5 },
      { kind: 'unit', subject: 'within', amountBrl: 0 },
    ].map((row) => ({ ...chain.add(row), row: chain.rows }))
    await insertCloseRows(database, { month, version: 1 }, lines)
  })

  it('are those of now, and those of when the month was closed', async () => {
    assert.deepEqual(await unitsDue(store.database, { month }, null, { limit: 9 }), [
      { unitId: 'due', bookedBrl: null },
      { unitId: 'waits', bookedBrl: null },
    ])
    assert.deepEqual(await unitsDue(store.database, { month }, 1, { limit: 9 }), [
      { unitId: 'due', bookedBrl: null },
      { unitId: 'no-longer', bookedBrl: 9.5 },
      { unitId: 'waits', bookedBrl: null },
    ])
    assert.deepEqual(await unitsDue(store.database, { month }, 1, { after: 'due', limit: 1 }), [
      { unitId: 'no-longer', bookedBrl: 9.5 },
    ])
    assert.deepEqual(await unitsDue(store.database, { month: '2026-04' }, null, { limit: 9 }), [])
  })
})
