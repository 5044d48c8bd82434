import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { ActionAudit, type AuditedAttempt } from './action-audit.ts'
import { countedAttempts } from './action-repository.ts'
import { auditOf } from './acting.fixture.ts'

const hour = 3_600_000
const at = Date.UTC(2026, 10, 21, 12)
const everything = { from: null, to: null, username: null, code: null }

const refused = (username: string, code = 'wrong-role'): AuditedAttempt => ({
  ...{ at, requestId: crypto.randomUUID(), action: 'acknowledge', alarmId: 1, key: null, occurrence: 1, until: null },
  ...{ reason: null, outcome: 'refused', code, problem: 'for a reason', username, role: 'viewer', sessionId: null },
  ...{ address: null, changed: false },
})
const done = (username: string): AuditedAttempt => ({
  ...refused(username),
  ...{ outcome: 'done', code: null, problem: null, changed: true },
})

describe('the audit of actions on alarms', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let audit: ActionAudit
  beforeEach(async () => {
    await test.database.query('update alarm_action_unlisted set attempts = 0')
    audit = new ActionAudit(3)
    await audit.prepare(test.database, at)
  })
  const rows = async (work: () => Promise<void>) => {
    const before = (await auditOf(test.database)).length
    await work()
    return (await auditOf(test.database)).length - before
  }

  it('cannot be filled by refusals: of too many in an hour it keeps the number, by user and code', async () => {
    const attempts = [
      ...Array.from({ length: 5 }, () => refused('eve')),
      refused('eve', 'unknown-alarm'),
      refused('ana'),
    ]
    assert.equal(await rows(() => audit.record(test.database, at, attempts)), 4)
    assert.equal(await rows(() => audit.record(test.database, at + 1, [refused('eve')])), 0)
    assert.equal(await countedAttempts(test.database, everything), 4)
    assert.equal(await countedAttempts(test.database, { ...everything, username: 'EVE', code: 'wrong-role' }), 3)
    assert.equal(await countedAttempts(test.database, { ...everything, username: 'ana' }), 0)
  })

  it('has a row for all that is done, however much was refused', async () => {
    await audit.record(
      test.database,
      at,
      Array.from({ length: 9 }, () => refused('eve')),
    )
    assert.equal(await rows(() => audit.record(test.database, at, [done('eve'), done('eve')])), 2)
  })

  it('counts what was done and already so as what changes nothing', async () => {
    const idle = { ...done('node gate'), changed: false }
    assert.equal(await rows(() => audit.record(test.database, at, [idle, idle, idle, idle])), 3)
    assert.equal(await countedAttempts(test.database, { ...everything, code: 'nothing-changed' }), 1)
  })

  it('begins anew with each hour, and tells the hours apart', async () => {
    await audit.record(
      test.database,
      at,
      Array.from({ length: 5 }, () => refused('eve')),
    )
    assert.equal(await rows(() => audit.record(test.database, at + hour, [refused('eve')])), 1)
    const since = (from: number) => countedAttempts(test.database, { ...everything, from })
    assert.deepEqual([await since(at + hour - 1), await since(at + hour)], [2, 0])
  })

  it('lets nobody change a row, and knows a month that comes', async () => {
    await audit.prepare(test.database, Date.UTC(2031, 0, 2))
    assert.equal(await rows(() => audit.record(test.database, at, [{ ...done('ana'), at: Date.UTC(2031, 0, 2) }])), 1)
    await assert.rejects(
      test.database.query(`update alarm_action set username = 'x'`),
      /permission denied|new rows only/,
    )
    await assert.rejects(test.database.query('delete from alarm_action'), /permission denied|new rows only/)
  })
})
