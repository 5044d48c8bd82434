import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import {
  accessRevision,
  endSessions,
  findLiveSession,
  forgetSessions,
  hasComeFrom,
  insertSession,
  liveSessions,
  noteUses,
  sessionsOfUser,
} from './session-repository.ts'

const now = Date.UTC(2026, 10, 21, 12)
const hour = 3_600_000

describe('repository of sessions', () => {
  const test = useDatabase()
  let userId: number

  before(async () => {
    const [row] = await test.database.query<{ id: number }>(
      `insert into user_account (username, role, password_hash, origin, created_at, changed_at)
       values ('Ana', 'operator', 'hash', 'api', now(), now()) returning user_id as id`,
    )
    userId = row!.id
  })
  const insert = async (passwordHash: string | null = 'hash') => {
    const times = { createdAt: now, idleEndsAt: now + hour, endsAt: now + 3 * hour }
    const caller = { address: '192.0.2.1', userAgent: 'browser' }
    const fresh = { sessionId: randomUUID(), userId, caller, ...times, refreshHash: Buffer.alloc(32) }
    return test.database.transaction((client) => insertSession(client, fresh, passwordHash))
  }

  it('lets in with the hash that was looked at only', async () => {
    const session = (await insert())!
    assert.deepEqual(session, {
      ...{ sessionId: session.sessionId, userId, username: 'Ana', role: 'operator' },
      ...{ lastUsedAt: now, idleEndsAt: now + hour, endsAt: now + 3 * hour },
    })
    for (const other of ['another hash', null]) assert.equal(await insert(other), undefined)
  })

  it('knows those that are open at an instant, and where somebody has come from', async () => {
    const { sessionId } = (await insert())!
    const isLive = async (at: number): Promise<boolean> =>
      (await findLiveSession(test.database, sessionId, at)) !== undefined &&
      (await liveSessions(test.database, at)).some((session) => session.sessionId === sessionId)
    assert.ok(await isLive(now + hour - 1))
    assert.ok(!(await isLive(now + hour)))
    await noteUses(test.database, [[sessionId, now + hour / 2]], hour)
    assert.ok(await isLive(now + hour))
    await noteUses(test.database, [[sessionId, now + 2.9 * hour]], hour)
    assert.ok(!(await isLive(now + 3 * hour)))
    // What another process notes late makes nothing older.
    await noteUses(test.database, [[sessionId, now]], hour)
    assert.ok(await isLive(now + 2.9 * hour))
    const [listed] = await sessionsOfUser(test.database, userId, now)
    assert.deepEqual([listed!.address, listed!.userAgent], ['192.0.2.1', 'browser'])
    assert.deepEqual(
      await Promise.all([
        hasComeFrom(test.database, 'ANA', '192.0.2.1'),
        hasComeFrom(test.database, 'ana', '192.0.2.2'),
      ]),
      [true, false],
    )
  })

  it('counts what changes who may do what, and not what does not', async () => {
    const { sessionId } = (await insert())!
    const before = await accessRevision(test.database)
    await noteUses(test.database, [[sessionId, now]], hour)
    assert.equal(await accessRevision(test.database), before)
    await endSessions(test.database, [sessionId], now)
    assert.notEqual(await accessRevision(test.database), before)
    assert.equal(await findLiveSession(test.database, sessionId, now), undefined)
  })

  it('forgets those that are over for long', async () => {
    await forgetSessions(test.database, now)
    const { sessionId } = (await insert())!
    await endSessions(test.database, [sessionId], now)
    await forgetSessions(test.database, now + 1)
    const rows = await test.database.query('select from session where session_id = $1', [sessionId])
    assert.equal(rows.length, 0)
  })
})
