import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { said } from '../alarms.fixture.ts'
import { defaultTable } from '../domain/default-table.ts'
import { changeAlarms } from '../keeper/change-alarms.ts'
import { answerForFeeder } from './acting.fixture.ts'
import { actionRoutes } from './routes.ts'

describe('acting on alarms over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [actionRoutes] })
  let subjects = 0
  let alarmId: number
  const raise = async (count: number, rootAlarmId?: number): Promise<number[]> => {
    const now = platformClock.now()
    const conditions = Array.from({ length: count }, () => ({
      condition: said('overload', `sw-${++subjects}`, { feederId: 'f-1', at: now }),
      by: null,
    }))
    const ids = await api.database.database.transaction(async (client) =>
      (await changeAlarms(client, conditions, defaultTable, now)).map((each) => each.alarmId),
    )
    if (rootAlarmId === undefined) return ids
    const changes = ids.map((id) => ({ alarmId: id, event: { type: 'explain', rootAlarmId } as const, by: null }))
    await api.database.database.transaction((client) => changeAlarms(client, changes, defaultTable, now))
    return ids
  }
  beforeEach(async () => {
    ;[alarmId] = (await raise(1)) as [number]
  })
  const actions = async (query = '') => (await api.as('admin').get(`/api/alarms/actions${query}`)).body

  it('does one thing with one alarm, and says how it stands', async () => {
    const operator = api.as('operator')
    const acknowledged = await operator.post(`/api/alarms/${alarmId}/acknowledge`, { occurrence: 1 })
    assert.deepEqual(
      [acknowledged.status, acknowledged.body],
      [200, { alarmId, action: 'acknowledge', outcome: 'done', code: null, problem: null, state: 'C', occurrence: 1 }],
    )
    for (const [role, action, body, state] of [
      ['operator', 'comment', { reason: 'tree fell' }, 'C'],
      ['operator', 'shelve', { minutes: 30, reason: 'works' }, 'G'],
      ['operator', 'unshelve', {}, 'B'],
      ['engineer', 'take-out', { reason: 'works' }, 'I'],
      ['engineer', 'return', { reason: 'done' }, 'B'],
    ] as const) {
      const reply = await api.as(role).post(`/api/alarms/${alarmId}/${action}`, body)
      assert.deepEqual([reply.status, reply.body.state], [200, state], `${action}: ${reply.text}`)
    }
  })

  it('takes down who it was, from which session and address', async () => {
    await api.as('operator').post(`/api/alarms/${alarmId}/acknowledge`, { occurrence: 1, reason: 'seen' })
    const { items } = await actions(`?alarmId=${alarmId}`)
    const { sessionId } = (await api.services.access.verify(await api.tokenOf('operator')))!
    const { username, role, sessionId: of, address, reason, outcome, key } = items[0]
    assert.deepEqual(
      { username, role, of, address, reason, outcome, key },
      {
        ...{ username: 'operator', role: 'operator', of: sessionId, address: '127.0.0.1', reason: 'seen' },
        ...{ outcome: 'done', key: `test/overload/sw-${subjects}` },
      },
    )
    const forOperators = (await api.as('operator').get(`/api/alarms/actions?alarmId=${alarmId}`)).body.items[0]
    assert.deepEqual([forOperators.username, forOperators.sessionId, forOperators.address], ['operator', null, null])
    assert.equal((await api.as('viewer').get('/api/alarms/actions')).status, 403)
  })

  const late = new Date(platformClock.now() + 400 * 86_400_000).toISOString()
  for (const [what, role, action, body, status, code] of [
    ['the wrong role', 'viewer', 'acknowledge', { occurrence: 1 }, 403, 'wrong-role'],
    ['the wrong role', 'operator', 'take-out', { reason: 'works' }, 403, 'wrong-role'],
    ['a stale occurrence', 'operator', 'acknowledge', { occurrence: 7 }, 409, 'stale-occurrence'],
    ['a time beyond the limit', 'operator', 'shelve', { until: late, reason: 'works' }, 409, 'beyond-shelving-limit'],
    [
      'an end that has passed',
      'operator',
      'shelve',
      { until: '2020-01-01T00:00:00Z', reason: 'works' },
      409,
      'shelving-ends-in-the-past',
    ],
    ['no end', 'operator', 'shelve', { reason: 'works' }, 400, 'end-needed'],
    ['what is not shelved', 'operator', 'unshelve', {}, 409, 'not-shelved'],
  ] as const)
    // prettier-ignore
    it(`${action} with ${what} (${role}): ${code}, with a reason and in the audit`, async () => {
      const reply = await api.as(role).post(`/api/alarms/${alarmId}/${action}`, body)
      assert.deepEqual([reply.status, reply.body.code], [status, code])
      const { items } = await actions(`?alarmId=${alarmId}&outcome=refused`)
      assert.deepEqual(
        items.map((row: Record<string, unknown>) => [row['action'], row['username'], row['code'], row['problem']]),
        [[action, role, code, reply.body.detail]],
      )
    })

  it('an alarm that is not there is not found, and that is in the audit', async () => {
    const reply = await api.as('operator').post('/api/alarms/999999/comment', { reason: 'hello' })
    assert.deepEqual([reply.status, reply.body.detail], [404, 'there is no alarm 999999'])
    assert.equal((await actions('?code=unknown-alarm&alarmId=999999')).items.length, 1)
  })

  it('a foreign area of responsibility is refused, and that is in the audit', async () => {
    await answerForFeeder(api.database.database, 'operator', 'f-9')
    const reply = await api.as('operator').post(`/api/alarms/${alarmId}/acknowledge`, { occurrence: 1 })
    await api.database.database.query('delete from responsibility_assignment')
    assert.deepEqual([reply.status, reply.body.detail], [403, 'it is in no area of responsibility of operator'])
    assert.equal((await actions(`?code=foreign-area&alarmId=${alarmId}`)).items.length, 1)
  })

  it('who is not logged in is refused before, and a request that says nothing of sense is no attempt', async () => {
    assert.equal((await api.as().post(`/api/alarms/${alarmId}/acknowledge`, { occurrence: 1 })).status, 401)
    const reply = await api.as('operator').post(`/api/alarms/${alarmId}/comment`, { reason: '  ' })
    assert.deepEqual([reply.status, reply.body.errors[0].field], [400, 'body.reason'])
    assert.deepEqual((await actions(`?alarmId=${alarmId}`)).items, [])
  })

  describe('in bulk', () => {
    it('each comes to an outcome of its own, and needs a reason', async () => {
      const [one, other] = (await raise(2)) as [number, number]
      const alarms = [
        { alarmId: one, occurrence: 1 },
        { alarmId: other, occurrence: 2 },
        { alarmId: 999_999, occurrence: 1 },
      ]
      const reply = await api
        .as('operator')
        .post('/api/alarms/actions', { action: 'acknowledge', alarms, reason: 'seen' })
      assert.deepEqual([reply.status, reply.body.done, reply.body.refused], [200, 1, 2])
      assert.deepEqual(
        reply.body.outcomes.map((each: Record<string, unknown>) => [each['alarmId'], each['code'], each['state']]),
        [[one, null, 'C'], [other, 'stale-occurrence', 'B'], [999_999, 'unknown-alarm', null]], // prettier-ignore
      )
      const { items } = await actions('?limit=3')
      assert.equal(new Set(items.map((row: { requestId: string }) => row.requestId)).size, 1)
      const silent = await api.as('operator').post('/api/alarms/actions', { action: 'acknowledge', alarms })
      assert.equal(silent.body.errors[0].field, 'body.reason')
    })

    it('the wrong role is refused whole, and each alarm is in the audit', async () => {
      const ids = await raise(2)
      const alarms = ids.map((id) => ({ alarmId: id, occurrence: 1 }))
      for (const [role, action] of [
        ['viewer', 'acknowledge'],
        ['operator', 'take-out'],
      ] as const) {
        // prettier-ignore
        const reply = await api.as(role).post('/api/alarms/actions', { action, alarms, reason: 'works' })
        assert.deepEqual([reply.status, reply.body.code], [403, 'wrong-role'])
        const { items } = await actions(`?action=${action}&username=${role}&limit=2`)
        assert.deepEqual(items.map((row: { alarmId: number }) => row.alarmId).toReversed(), ids)
      }
    })

    it('reaches all that a root cause explains', async () => {
      const ids = await raise(3, alarmId)
      const bulk = { action: 'comment', rootAlarmId: alarmId, reason: 'crew on its way' }
      const viewer = await api.as('viewer').post('/api/alarms/actions', bulk)
      assert.equal(viewer.status, 403)
      const reply = await api.as('operator').post('/api/alarms/actions', bulk)
      assert.deepEqual([reply.body.done, reply.body.outcomes.map((each: { alarmId: number }) => each.alarmId)], [3, ids]) // prettier-ignore
      const hidden = await api.as('operator').post('/api/alarms/actions', { ...bulk, action: 'acknowledge' })
      assert.deepEqual(hidden.body.outcomes.map((each: { code: string }) => each.code), ['hidden', 'hidden', 'hidden']) // prettier-ignore
      const none = await api.as('operator').post('/api/alarms/actions', { ...bulk, rootAlarmId: ids[0] })
      assert.deepEqual([none.status, none.body.detail], [409, `alarm ${ids[0]} explains no alarm`])
      const [row] = (await api.as('operator').get(`/api/alarms/actions?alarmId=${ids[0]}`)).body.items
      assert.deepEqual([row.outcome, row.code], ['refused', 'explains-nothing'])
    })

    it('takes so many and no more, and names them or their root', async () => {
      const body = { action: 'comment', reason: 'hello' }
      const alarms = Array.from({ length: 1_001 }, (_, at) => ({ alarmId: at + 1, occurrence: 1 }))
      const tooMany = await api.as('operator').post('/api/alarms/actions', { ...body, alarms })
      const neither = await api.as('operator').post('/api/alarms/actions', body)
      assert.deepEqual([tooMany, neither].map((reply) => [reply.status, reply.body.errors[0].field]), [
        [400, 'body.alarms'],
        [400, 'body.alarms'],
      ]) // prettier-ignore
      const suppress = await api.as('admin').post('/api/alarms/actions', { ...body, action: 'suppress', alarms: alarms.slice(0, 1) }) // prettier-ignore
      assert.deepEqual([suppress.status, suppress.body.errors[0].field], [400, 'body.action'])
    })
  })
})
