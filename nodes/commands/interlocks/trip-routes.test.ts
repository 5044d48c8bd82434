import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { forbidding } from './forbidding.ts'
import { buildSwitchedField, say, sayAllIsNormal } from './switching.fixture.ts'
import { tripRoutes } from './trip-routes.ts'

describe('trips over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [tripRoutes] })
  const database = () => api.database.database
  const begun = platformClock.now() - 60_000
  /** What the switch says, so many seconds after it began; open and tripped. */
  const says = (s: number, rest: Parameters<typeof say>[2] = {}) =>
    say(database(), 'sw-a', { at: begun + s * 1_000, position: 'open', tripped: true, recloseBlocked: true, ...rest })
  const isForbidden = async (id = 'sw-a') =>
    (await forbidding(database(), { deviceId: id, type: 'close', args: {} }, platformClock.now())).some(
      ({ interlock }) => interlock === 'uncleared-trip',
    )
  const clear = (s: number, role: 'operator' | 'viewer' = 'operator') =>
    api.as(role).post('/api/trips/sw-a/clear', {
      reportedAt: new Date(begun + s * 1_000).toISOString(),
      reason: 'patrolled: a branch',
    })
  const listed = async () => (await api.as('viewer').get('/api/trips')).body.items

  before(async () => {
    await buildSwitchedField(database())
    await sayAllIsNormal(database(), begun)
  })

  it('one that is cleared by the report that was looked at may be closed again', async () => {
    assert.deepEqual(await listed(), [])
    await says(1)
    assert.deepEqual(await listed(), [{ switchId: 'sw-a', reportedAt: new Date(begun + 1_000).toISOString() }])
    assert.ok(await isForbidden())
    assert.ok(await isForbidden('tie'), 'from the other side, too')
    assert.deepEqual((await clear(1, 'viewer')).body.code, 'wrong-role')
    for (const s of [0, 2]) {
      const reply = await clear(s)
      assert.deepEqual([reply.status, reply.body.code], [409, 'not-tripped'], reply.text)
    }
    assert.ok(await isForbidden())
    assert.equal((await clear(1)).status, 204)
    assert.ok(!(await isForbidden()))
    assert.deepEqual(await listed(), [])
  })

  it('and goes on being cleared while the switch goes on reporting the same', async () => {
    await says(2)
    assert.ok(!(await isForbidden()))
  })

  it('a close that was sent uses it up: what trips again is another trip', async () => {
    const [command] = await database().query<{ id: string }>(
      `insert into command (command_id, device_id, type, args, body_hash, plan, capabilities, requested_by, state, requested_at,
         expires_at, state_since, in_flight, changed)
       values (gen_random_uuid(), 'sw-a', 'close', '{}', '', '{}', '{}', 'x', 'dispatched', to_timestamp(0), to_timestamp(0),
         to_timestamp(0), true, 1) returning command_id as id`,
    )
    await database().query(
      `insert into command_transition (changed, ordinal, command_id, at, recorded_at, to_state, cause)
       values (1, 1, $1, to_timestamp(0), to_timestamp($2::float8 / 1000), 'dispatched', 'dispatching')`,
      [command!.id, Date.now() + 1_000],
    )
    assert.ok(!(await isForbidden()), 'not while it is itself under way')
    await database().query(`update command set in_flight = false, state = 'verified'`)
    await says(3)
    assert.ok(await isForbidden())
    assert.equal((await clear(3)).status, 204)
  })

  it('so does whatever else the switch reports', async () => {
    await database().query('update command set type = $1', ['open'])
    assert.ok(!(await isForbidden()))
    await says(4, { position: 'closed', tripped: false })
    await says(5)
    assert.ok(await isForbidden())
  })
})
