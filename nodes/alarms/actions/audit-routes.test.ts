import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { wallClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { ActionAudit, type AuditedAttempt } from './action-audit.ts'
import { auditRoutes } from './audit-routes.ts'

describe('the audit of alarm actions over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [({ database }) => auditRoutes(database)] })
  const path = '/api/alarms/actions'
  const minute = 60_000
  const now = wallClock.now()
  const audited = (at: number, reason: string, more: Partial<AuditedAttempt> = {}): AuditedAttempt => ({
    ...{
      at,
      requestId: crypto.randomUUID(),
      action: 'comment',
      alarmId: 7,
      key: 'a/b/c',
      occurrence: null,
      until: null,
    },
    ...{ reason, outcome: 'done', code: null, problem: null, username: 'ana', role: 'operator', sessionId: null },
    ...{ address: '192.0.2.7', changed: true, ...more },
  })
  const refused = { outcome: 'refused', code: 'wrong-role', problem: 'it has not the right', changed: false } as const

  before(async () => {
    const { database } = api.database
    const audit = new ActionAudit(1)
    await audit.prepare(database, now)
    await audit.prepare(database, now - 3 * minute)
    await audit.record(database, now, [
      audited(now - 3 * minute, 'one'),
      audited(now - 2 * minute, 'two', { ...refused, username: 'eva' }),
      audited(now - minute, 'three', { action: 'shelve', until: now + minute, alarmId: 8 }),
      audited(now, 'not listed', { ...refused, username: 'eva' }),
    ])
  })
  const reasons = async (query: string): Promise<string[]> =>
    (await api.as('operator').get(path + query)).body.items.map((row: { reason: string }) => row.reason)

  it('is listed the newest first, in pages', async () => {
    const first = (await api.as('operator').get(`${path}?limit=2`)).body
    assert.deepEqual(await reasons('?limit=2'), ['three', 'two'])
    assert.deepEqual(await reasons(`?limit=2&cursor=${first.nextCursor}`), ['one'])
  })

  for (const [query, found] of [
    ['?alarmId=8', ['three']],
    ['?username=EVA', ['two']],
    ['?action=comment&outcome=done', ['one']],
    ['?code=wrong-role', ['two']],
    [`?from=${new Date(now - 2 * minute).toISOString()}`, ['three', 'two']],
    [`?to=${new Date(now - 2 * minute).toISOString()}`, ['one']],
  ] as const)
    it(`is searched by ${query.replace(/=.*T.*/, '')}`, async () => assert.deepEqual(await reasons(query), found))

  it('says how many attempts stand in no row', async () => {
    const unlisted = async (query: string) => (await api.as('operator').get(path + query)).body.unlisted
    assert.deepEqual([await unlisted(''), await unlisted('?username=eva'), await unlisted('?username=ana')], [1, 1, 0])
  })

  it('shows addresses to admins only, and nothing to viewers', async () => {
    const addressFor = async (role: 'operator' | 'admin') => (await api.as(role).get(path)).body.items[0].address
    assert.deepEqual([await addressFor('operator'), await addressFor('admin')], [null, '192.0.2.7'])
    assert.equal((await api.as('viewer').get(path)).status, 403)
  })

  it('goes out as CSV', async () => {
    const { text } = await api.as('admin').get(`${path}?alarmId=8`, { accept: 'text/csv' })
    const [names, row] = text.split('\r\n').map((line) => line.split(','))
    const cell = (name: string) => row![names!.indexOf(name)]
    assert.deepEqual(['action', 'alarmId', 'until', 'reason', 'username'].map(cell), [
      'shelve',
      '8',
      new Date(now + minute).toISOString(),
      'three',
      'ana',
    ])
  })
})
