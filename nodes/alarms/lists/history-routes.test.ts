import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { historyRoutes } from './history-routes.ts'
import { listServicesOf } from './list-services.ts'
import { seedAlarms, seedOccurrences } from './seeded-alarms.fixture.ts'

const at = Date.UTC(2026, 2, 10, 12)

describe('the history of alarms, over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [(services) => historyRoutes(listServicesOf(services))] })
  const found = async (query: string): Promise<string[]> => {
    const { status, body } = await api.as('viewer').get(`/api/alarms/history?${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.items.map(
      ({ subject, occurrence }: { subject: string; occurrence: number }) => `${subject} ${occurrence}`,
    )
  }
  let [one, two]: number[] = []

  before(async () => {
    const { database } = api.database
    ;[one, two] = await seedAlarms(database, [
      { subject: 'm-1', state: 'B', occurrence: 2, at: at + 60_000, feederId: 'f-1', unitId: 'u-1', deviceId: 'd-1' },
      { subject: 'm-2', state: 'H', at, area: 'voltage', kind: 'drp-budget', rootAlarmId: 1 },
    ])
    await seedOccurrences(database, [
      { alarmId: one!, at, returnedAt: at + 5_000, acknowledgedAt: at + 3_000, acknowledgedBy: 'operator' },
      { alarmId: one!, occurrence: 2, at: at + 60_000, why: 're-alarmed', beganAt: at + 30_000, priority: 'high' },
      { alarmId: two!, at, annunciated: false, rootAlarmId: one! },
    ])
    await database.query(`select ensure_partition('alarm_transition', to_timestamp($1::float8 / 1000))`, [at])
    await database.query(
      `insert into alarm_transition (changed, ordinal, recorded_at, alarm_id, occurrence, at, kind, from_state, to_state, priority,
         username, reason)
       select changed, 0, to_timestamp($2::float8 / 1000), $1, 1, to_timestamp($2::float8 / 1000), kind, from_state::"char",
         to_state::"char", 'medium', username, reason
       from (values (1, 'activated', 'A', 'B', null, null), (2, 'commented', 'B', 'B', 'operator', 'on my way'),
         (3, 'acknowledged', 'B', 'C', 'operator', null)) as v (changed, kind, from_state, to_state, username, reason)`,
      [one, at],
    )
  })

  for (const [query, expected] of [
    ['', ['m-1 2', 'm-2 1', 'm-1 1']],
    ['from=2026-03-10T12:00:01Z', ['m-1 2']],
    ['until=2026-03-10T12:00:01Z', ['m-2 1', 'm-1 1']],
    ['annunciated=true', ['m-1 2', 'm-1 1']],
    ['acknowledged=true', ['m-1 1']],
    ['returned=false', ['m-1 2', 'm-2 1']],
    ['priority=high', ['m-1 2']],
    ['area=voltage', ['m-2 1']],
    ['kind=device-silent&feederId=f-1&unitId=u-1&deviceId=d-1&subject=M-1', ['m-1 2', 'm-1 1']],
    ['subject=nowhere', []],
  ] as const)
    it(`${query || 'everything'} is ${expected.join(', ') || 'nothing'}`, async () =>
      assert.deepEqual(await found(query), expected))

  it('comes in pages that have each occurrence once', async () => {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await api.as('viewer').get(`/api/alarms/history?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map(({ subject, occurrence }: never) => `${subject} ${occurrence}`))
      cursor = body.nextCursor
    }
    assert.deepEqual(seen, ['m-1 2', 'm-2 1', 'm-1 1'])
  })

  it('comes as CSV as a whole, whatever the limit', async () => {
    const { text } = await api.as('viewer').get('/api/alarms/history?limit=1', { accept: 'text/csv' })
    const lines = text.trimEnd().split('\r\n')
    assert.equal(lines.length, 4)
    assert.match(lines[0]!, /^alarmId,area,kind,subject,.*,why,.*,text_en,text_pt$/)
    assert.match(lines[3]!, /2026-03-10T12:00:03\.000Z,operator/)
  })

  it('is told of one alarm: its occurrences, and every step with who took it and why', async () => {
    const occurrences = await api.as('viewer').get(`/api/alarms/${one}/occurrences`)
    assert.deepEqual(
      occurrences.body.items.map(({ occurrence, why }: never) => [occurrence, why]),
      [
        [2, 're-alarmed'],
        [1, 'activated'],
      ],
    )
    const first = await api.as('viewer').get(`/api/alarms/${one}/transitions?limit=2`)
    assert.deepEqual(
      first.body.items.map(({ transition, from, to, username, reason }: never) => [
        transition,
        from,
        to,
        username,
        reason,
      ]),
      [
        ['acknowledged', 'B', 'C', 'operator', null],
        ['commented', 'B', 'B', 'operator', 'on my way'],
      ],
    )
    const next = await api.as('viewer').get(`/api/alarms/${one}/transitions?limit=2&cursor=${first.body.nextCursor}`)
    assert.deepEqual(
      [next.body.items.map(({ transition }: never) => transition), next.body.nextCursor],
      [['activated'], null],
    )
    assert.equal((await api.as('viewer').get('/api/alarms/4711/transitions')).status, 404)
  })

  it('begins with what operators were last told of', async () => {
    const { body } = await api.as('viewer').get('/api/alerts/recent?limit=50')
    assert.deepEqual(
      body.items.map(({ subject, occurrence, state }: never) => [subject, occurrence, state]),
      [
        ['m-1', 2, 'B'],
        ['m-1', 1, 'B'],
      ],
    )
    assert.equal((await api.as('viewer').get('/api/alerts/recent?limit=1')).body.items.length, 1)
  })

  it('tells of solar panels what is amiss with them, and what is to be done', async () => {
    const { database } = api.database
    const [panel] = await seedAlarms(database, [
      { subject: 'p-1', state: 'B', at: at + 90_000, area: 'solar', kind: 'panel-loss', deviceId: 'p-1' },
    ])
    await seedOccurrences(database, [{ alarmId: panel!, at: at + 90_000, beganAt: at + 80_000 }])
    const parameters = {
      ...{ panel: 'p-1', anomaly: 'soiling', details: { en: 'soiling', pt: 'sujeira' } },
      recommendation: { en: 'Clean the panel', pt: 'Limpar o painel' },
    }
    await database.query('update alarm_occurrence set text = $2 where alarm_id = $1', [
      ...[panel, JSON.stringify({ message: 'solar.panel-loss', parameters })],
    ])
    await database.query('update alarm set evidence = $2 where alarm_id = $1', [
      ...[panel, JSON.stringify({ anomalies: [{ kind: 'soiling' }] })],
    ])
    const { status, body } = await api.as('viewer').get('/api/alerts/recent?limit=1')
    const [alert] = body.items
    assert.deepEqual(
      [status, alert.alert_type, alert.panel_id, alert.anomaly_kind, alert.recommendation.pt, alert.evidence],
      [200, 'performance_anomaly', 'p-1', 'soiling', 'Limpar o painel', [{ kind: 'soiling' }]],
    )
    assert.equal(alert.timestamp, new Date(at + 80_000).toISOString())
  })

  it('refuses a period that ends before it begins', async () => {
    const { status, body } = await api
      .as('viewer')
      .get('/api/alarms/history?from=2026-03-11T00:00:00Z&until=2026-03-10T00:00:00Z')
    assert.deepEqual([status, /query\.from is .*must not be after until/.test(body.detail)], [400, true])
  })
})
