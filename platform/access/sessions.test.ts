import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../node/waiting.fixture.ts'
import { Database } from '../storage/database.ts'
import { restartableDatabase, type RestartableDatabase } from '../storage/restartable-database.fixture.ts'
import { ShiftedClock } from './access.fixture.ts'
import type { EndReason } from './identity.ts'
import { sessionLimits, Sessions } from './sessions.ts'

const hour = 3_600_000

describe('sessionLimits', () => {
  it('let no session end before its first token', () => {
    for (const tokenTtlMs of [hour, 8 * hour, 24 * hour, 720 * hour]) {
      const { idleMs, longestMs } = sessionLimits(tokenTtlMs)
      assert.ok(idleMs >= tokenTtlMs && longestMs >= idleMs)
    }
  })
})

describe('sessions, while the database goes and comes', function () {
  this.timeout(60_000)
  let server: RestartableDatabase
  let database: Database
  let sessions: Sessions
  let userId: number
  let passedMs = 0
  const clock = new ShiftedClock()
  const reported: unknown[] = []
  const ended: [string, EndReason][] = []
  const fresh = (inAll = 100): Sessions =>
    new Sessions({
      database,
      key: Buffer.alloc(32, 1),
      clock,
      limits: { ...sessionLimits(hour), mostInAll: inAll },
      report: (error) => reported.push(error),
      machine: { now: () => performance.now() + passedMs },
    })
  const open = async (at: Sessions): Promise<string> =>
    (await at.open(userId, null, { address: '192.0.2.1' }))!.session.sessionId

  before(async () => {
    server = await restartableDatabase()
    database = new Database(server.server.running)
    await database.ready()
    const [row] = await database.query<{ id: number }>(
      `insert into user_account (username, role, origin, created_at, changed_at)
       values ('ana', 'viewer', 'oidc', now(), now()) returning user_id as id`,
    )
    userId = row!.id
    sessions = fresh()
    sessions.onEnded((...each) => ended.push(each))
    await sessions.reload()
  })
  after(async () => {
    await sessions.close()
    await database.close()
    await server.remove()
    assert.deepEqual(reported, [])
  })

  it('are at most so many in all: those not used for longest give way', async () => {
    const bounded = fresh(3)
    const first = await open(bounded)
    for (let each = 1; each <= 3; each++) {
      clock.aheadMs = each
      await open(bounded)
    }
    await waitUntil('the first to end', async () => (await bounded.use(first)) === undefined)
    await bounded.close()
    clock.aheadMs = 0
  })

  it('that were open stay so for a quarter of an hour; one that ends here ends for good', async () => {
    const [kept, left] = [await open(sessions), await open(sessions)]
    await server.kill()
    await waitUntil('the database to be missed', () => !database.state.up)
    assert.ok(await sessions.use(kept))
    passedMs = 14 * 60_000
    assert.ok(await sessions.use(kept))
    await sessions.end(left)
    assert.ok(ended.some(([id, reason]) => id === left && reason === 'ended'))
    assert.equal(await sessions.use(left), undefined)
    passedMs = 16 * 60_000
    await waitUntil('the end', () => ended.some(([id, reason]) => id === kept && reason === 'unconfirmed'))
    assert.equal(await sessions.use(kept), undefined)
    assert.equal(sessions.size, 0)
    await server.start()
    await waitUntil('the session again', async () => sessions.use(kept))
    assert.equal(await sessions.use(left), undefined)
    await waitUntil('its end in the database', async () => {
      const rows = await database.query('select from session where session_id = $1 and ended_at is not null', [left])
      return rows.length === 1
    })
    assert.equal(await sessions.use(left), undefined)
    await sessions.reload()
  })

  it('note when they were used, so that another process knows', async () => {
    const used = await open(sessions)
    clock.aheadMs = 20 * hour
    assert.ok(await sessions.use(used))
    passedMs += 31_000
    await waitUntil('the note', async () => {
      const [row] = await database.query<{ at: Date }>('select last_used_at as at from session where session_id = $1', [
        used,
      ])
      return row!.at.getTime() > clock.now() - hour
    })
    clock.aheadMs = 30 * hour
    const other = fresh()
    assert.ok(await other.use(used))
    await other.close()
  })
})
