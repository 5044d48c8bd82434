import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { handoverRoutes } from './handover-routes.ts'

describe('shift handovers over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [handoverRoutes] })
  const path = '/api/shift-handovers'
  const propose = async (body: object = {}) => {
    const { status, body: handover } = await api.as('operator').post(path, body)
    assert.equal(status, 201)
    return handover
  }
  const sign = (handoverId: number, role: 'operator' | 'engineer' | 'viewer' | 'admin' = 'engineer') =>
    api.as(role).post(`${path}/${handoverId}/signature`, { note: 'Read and agreed.' })

  it('are proposed by the outgoing operator, with what stands open, and signed by another one', async () => {
    const proposed = await propose({ note: 'Crew 7 calls before closing.', responsibility: 'North' })
    assert.deepEqual([proposed.state, proposed.outgoing.username, proposed.incoming], ['open', 'operator', null])
    assert.deepEqual(Object.values(proposed.summary), [0, 0, 0, 0, 0])
    const own = await sign(proposed.handoverId, 'operator')
    assert.deepEqual([own.status, /incoming operator/.test(own.body.detail)], [409, true])
    const signed = await sign(proposed.handoverId)
    assert.equal(signed.status, 200)
    assert.deepEqual(
      [signed.body.state, signed.body.incoming.username, signed.body.incoming.role, signed.body.incoming.note],
      ['signed', 'engineer', 'engineer', 'Read and agreed.'],
    )
    assert.ok(signed.body.incoming.at >= signed.body.outgoing.at)
    assert.equal((await sign(proposed.handoverId, 'admin')).body.detail, 'it is signed already')
  })

  it('are signed once, however many sign at the same moment', async () => {
    const { handoverId } = await propose()
    const answers = await Promise.all([sign(handoverId), sign(handoverId, 'admin'), sign(handoverId)])
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((one, other) => one - other),
      [200, 409, 409],
    )
  })

  it('are superseded by a newer one of the same responsibility, and of no other', async () => {
    const [old, other] = [await propose({ responsibility: 'South' }), await propose({ responsibility: 'East' })]
    await propose({ responsibility: 'South' })
    assert.match((await sign(old.handoverId)).body.detail, /newer handover/)
    assert.equal((await sign(other.handoverId)).status, 200)
  })

  it('lapse after twelve hours', async () => {
    await api.database.database.query(
      `insert into shift_handover (proposed_at, responsibility, alarms_standing, alarms_unacknowledged, commands_in_doubt,
         interruptions_open, units_out, username, role, session_id)
       values (now() - interval '12 hours', 'West', 1, 1, 0, 2, 40, 'ana', 'operator', gen_random_uuid())`,
    )
    const [old] = (await api.as('operator').get(`${path}?limit=1`)).body.items
    assert.deepEqual([old.state, old.summary.unitsOut], ['lapsed', 40])
    assert.match((await sign(old.handoverId)).body.detail, /12 hours/)
  })

  it('count commands in doubt and interruptions that last', async () => {
    await api.database.database.query(
      `insert into interruption (event_id, element_kind, element_id, basis, taken_at, started_at, units, evidence, changed)
       values (1, 'switch', 'sw-1', 'person', now(), now(), 7, '{}', 1)`,
    )
    assert.equal((await propose()).summary.interruptionsOpen, 1)
  })

  it('are listed page by page, the newest first, those that are signed or those that are not', async () => {
    const all = (await api.as('admin').get(path)).body.items
    const signed = (await api.as('admin').get(`${path}?signed=true`)).body.items
    const waiting = (await api.as('admin').get(`${path}?signed=false`)).body.items
    assert.deepEqual([signed.length, waiting.length], [3, all.length - 3])
    const { body } = await api.as('admin').get(`${path}?limit=1`)
    const next = await api.as('admin').get(`${path}?limit=1&cursor=${body.nextCursor}`)
    assert.deepEqual([...body.items, ...next.body.items], all.slice(0, 2))
  })

  it('are no business of a viewer, and nothing changes one', async () => {
    assert.equal((await api.as('viewer').get(path)).status, 403)
    assert.equal((await api.as('viewer').post(path, {})).status, 403)
    assert.equal((await sign(1, 'viewer')).status, 403)
    assert.equal((await sign(999_999)).status, 404)
    for (const sql of ['update shift_handover set units_out = 0', 'delete from shift_signature'])
      await assert.rejects(api.database.database.query(sql))
    const rows = await api.database.database.query(
      `select distinct table_name from audit_entry where source = 'shift-log' order by 1`,
    )
    assert.deepEqual(rows, [{ table_name: 'shift_handover' }, { table_name: 'shift_signature' }])
  })
})
