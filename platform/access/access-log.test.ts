import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../node/waiting.fixture.ts'
import { useDatabase } from '../storage/test-database.ts'
import { listAccess } from './access-log-repository.ts'
import { AccessLog } from './access-log.ts'

describe('the access log', function () {
  this.timeout(60_000)
  // Before the database goes.
  after(async () => {
    await Promise.all([running.end(), owner.end()])
    await log.close()
  })
  const test = useDatabase()
  let now = Date.UTC(2026, 10, 21, 12)
  let log: AccessLog
  let running: Client
  let owner: Client

  before(async () => {
    log = new AccessLog(test.database, { now: () => now }, (error) => {
      throw error
    })
    running = new Client(test.login)
    owner = new Client(test.owner)
    await Promise.all([running.connect(), owner.connect()])
  })
  const list = (event: string | null, before: string | null = null, limit = 100) =>
    listAccess(test.database, { event, username: null }, before, limit)

  it('has a row by the time it is recorded, with what was said and no more than fits', async () => {
    const identity = { username: 'ana', role: 'operator', sessionId: randomUUID() } as const
    await log.record({ event: 'personal_read', identity, address: '192.0.2.1', subject: 'u'.repeat(400), detail: 'd' })
    const [{ id: _id, ...row } = assert.fail()] = await list('personal_read')
    assert.deepEqual(row, {
      ...{ at: new Date(now), event: 'personal_read', ...identity },
      ...{ address: '192.0.2.1', subject: 'u'.repeat(300), detail: 'd' },
    })
  })

  it('keeps each month apart, and is read across months, the newest first, a page at a time', async () => {
    for (let month = 0; month < 3; month++) {
      now = Date.UTC(2027, month, 28)
      await log.record({ event: 'paged', detail: `${month}` })
    }
    const [third, second] = await list('paged', null, 2)
    const [first] = await list('paged', second!.id, 2)
    assert.deepEqual(
      [third, second, first].map((row) => row!.detail),
      ['2', '1', '0'],
    )
  })

  it('takes of what strangers cause so much a minute, and counts the rest', async () => {
    now = Date.UTC(2027, 5, 1)
    for (let each = 0; each < 1_000; each++) log.note({ event: 'refused', detail: String(each) })
    await waitUntil('rows', async () => (await list('refused', null, 1_000)).length === 120, 5_000)
    now += 60_000
    const [row] = await waitUntil('the count', async () => {
      const rows = await list('left_out')
      return rows.length > 0 && rows
    })
    assert.equal(row!.detail, '880 more of what strangers caused, not listed')
    log.note({ event: 'refused', detail: 'again' })
    await waitUntil('the next', async () => (await list('refused', null, 1))[0]?.detail === 'again')
  })

  it('loses nothing that waits when it closes', async () => {
    const other = new AccessLog(test.database, { now: () => now }, () => undefined)
    other.note({ event: 'at_close' })
    await other.close()
    assert.equal((await list('at_close')).length, 1)
  })

  for (const statement of [
    `update access_log set event = 'x'`,
    'delete from access_log',
    'truncate access_log',
    `update access_log_202611 set event = 'x'`,
    'delete from access_log_202611',
    `alter table access_log disable trigger all`,
    `delete from withheld_right`,
  ])
    it(`lets the running system not: ${statement}`, () => assert.rejects(running.query(statement), { code: '42501' }))

  it('lets the owner of the schema change and delete no row, either', async () => {
    for (const statement of [`update access_log set event = 'x'`, 'delete from access_log'])
      await assert.rejects(owner.query(statement), { message: /takes new rows only/ })
  })

  it('stays so in months that began before the last migration', async () => {
    await owner.query('call grant_running($1)', [test.login.user])
    await assert.rejects(running.query('delete from access_log_202611'), { code: '42501' })
    await assert.rejects(running.query(`update access_log_202611 set event = 'x'`), { code: '42501' })
  })

  it('drops no month that is younger than half a year, whatever it is told', async () => {
    const dropped = async (at: string): Promise<unknown[]> =>
      (await running.query('select drop_partitions_before($1, $2, $2)', ['access_log', at])).rows
    assert.deepEqual(await dropped('2999-01-01'), [])
    await log.record({ event: 'old' })
    await running.query(`select ensure_partition('access_log', '2020-01-15')`)
    assert.deepEqual(await dropped('2999-01-01'), [{ drop_partitions_before: 'access_log_202001' }])
  })
})
