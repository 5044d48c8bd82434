import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { listServicesOf } from '../lists/list-services.ts'
import { seedAlarms, seedOccurrences } from '../lists/seeded-alarms.fixture.ts'
import { assignUsers, putArea } from '../responsibility/responsibility-repository.ts'
import { kpiRoutes } from './kpi-routes.ts'

/** Midnight in São Paulo. */
const midnight = Date.UTC(2026, 2, 10, 3)
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

describe('key figures of alarms, over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [(services) => kpiRoutes(listServicesOf(services))] })
  // oxlint-disable-next-line typescript/no-explicit-any -- looked into as the test likes
  const asked = async (query: string): Promise<any> => {
    const { status, body } = await api.as('viewer').get(`/api/alarms/kpis?${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const figure = async (name: string, query: string) => {
    const { value, verdict } = (await asked(query)).figures.find((one: { name: string }) => one.name === name)
    return [value, verdict]
  }
  const period = `from=${new Date(midnight).toISOString()}&until=${new Date(midnight + dayMs).toISOString()}`

  after(() => platformClock.set(undefined))
  before(async () => {
    const { database } = api.database
    platformClock.set({ at: midnight + 2 * dayMs + 5 * minuteMs, rate: 0 })
    await database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
    const [chatters, floods, , , shelved] = await seedAlarms(database, [
      { subject: 'chatters', state: 'A', at: midnight, feederId: 'f-1' },
      { subject: 'floods', state: 'A', at: midnight, feederId: 'f-2' },
      { subject: 'stale', state: 'C', at: midnight, activeSince: midnight - hourMs },
      { subject: 'fresh', state: 'B', at: midnight + dayMs, feederId: 'f-1' },
      { subject: 'shelved', state: 'G', at: midnight, shelvedUntil: midnight + 3 * dayMs },
      { subject: 'was stale', state: 'A', at: midnight },
    ])
    await seedOccurrences(database, [
      // Acknowledged after 10, 20 and 60 seconds.
      ...[10, 20, 60].map((seconds, n) => ({
        ...{ alarmId: chatters!, occurrence: n + 1, at: midnight + hourMs + n * 30_000, priority: 'low' as const },
        ...{ acknowledgedAt: midnight + hourMs + n * 30_000 + seconds * 1_000, acknowledgedBy: 'operator' },
      })),
      ...Array.from({ length: 12 }, (_, n) => ({
        ...{ alarmId: floods!, occurrence: n + 1, at: midnight + 5 * hourMs + n * 21_000, priority: 'high' as const },
      })),
      // Behind their root, and hidden otherwise.
      ...Array.from({ length: 30 }, (_, n) => ({
        ...{ alarmId: shelved!, occurrence: n + 1, at: midnight + n * 1_000, annunciated: false },
        ...(n < 20 && { rootAlarmId: floods! }),
      })),
      { alarmId: shelved! + 1, at: midnight - 10 * hourMs, returnedAt: midnight + 30 * hourMs },
      // Of the next day.
      { alarmId: chatters!, occurrence: 4, at: midnight + dayMs },
    ])
    await database.query(`select ensure_partition('alarm_transition', to_timestamp($1::float8 / 1000))`, [midnight])
    await database.query(
      `insert into alarm_transition (changed, ordinal, recorded_at, alarm_id, occurrence, at, kind, from_state, to_state, priority, username)
       select 1, n, to_timestamp($2::float8 / 1000), $1, 1, to_timestamp($2::float8 / 1000), kind, 'B', 'H', 'low', username
       from unnest($3::text[], $4::text[]) with ordinality v (kind, username, n)`,
      [
        ...[chatters, midnight + hourMs],
        ['suppressed', 'suppressed', 'shelved', 'shelved', 'taken-out', 'explained'],
        [null, 'node maintenance', 'operator', null, 'engineer', null],
      ],
    )
    await putArea(database, { name: 'north', feederIds: ['f-1'], conditionAreas: null }, 'engineer', midnight)
    await assignUsers(database, 'north', ['operator'])
  })

  it('count what operators were told of, and not what was hidden', async () => {
    assert.deepEqual(await figure('alarms-per-day', period), [15, 'met'])
    const { totals, from, until, timeZone } = await asked(period)
    assert.deepEqual(
      [totals.occurrences, totals.told, totals.explained, totals.otherwiseHidden, totals.byPriority],
      [45, 15, 20, 10, { low: 3, medium: 0, high: 12, critical: 0 }],
    )
    assert.deepEqual(
      [from, until, timeZone],
      ['2026-03-10T03:00:00.000Z', '2026-03-11T03:00:00.000Z', 'America/Sao_Paulo'],
    )
  })

  it('tell floods from begin to end, and the time in them', async () => {
    const { floods, floodCount } = await asked(period)
    assert.deepEqual(floods, [{ begin: '2026-03-10T08:00:00.000Z', end: '2026-03-10T08:13:00.000Z', alarms: 12 }])
    assert.equal(floodCount, 1)
    assert.deepEqual(await figure('time-in-flood', period), [0.902778, 'met'])
    assert.deepEqual(await figure('ten-minutes-above-ten', period), [0.694444, 'met'])
  })

  it('name the most frequent and those that chatter', async () => {
    const { mostFrequent, chattering } = await asked(period)
    assert.deepEqual(
      mostFrequent.map(({ subject, alarms }: never) => [subject, alarms]),
      [
        ['floods', 12],
        ['chatters', 3],
      ],
    )
    assert.deepEqual(
      chattering.map(({ subject, times }: never) => [subject, times]),
      [
        ['floods', 10],
        ['chatters', 1],
      ],
    )
    assert.deepEqual(await figure('chattering', period), [2, 'missed'])
  })

  it('know what had stood for more than a day at the end, be it over by now', async () => {
    assert.deepEqual(await figure('stale', period), [2, 'met'])
    assert.deepEqual(await figure('stale', `from=2026-03-11T03:00:00Z&until=2026-03-12T10:00:00Z`), [1, 'met'])
  })

  it('tell how soon alarms are acknowledged, and how many wait', async () => {
    const { totals, hiddenNow } = await asked(period)
    const { acknowledged, meanToAcknowledgeMs, medianToAcknowledgeMs, unacknowledged } = totals
    assert.deepEqual([acknowledged, meanToAcknowledgeMs, medianToAcknowledgeMs, unacknowledged], [3, 30_000, 20_000, 1])
    assert.deepEqual(hiddenNow, { shelved: 1, suppressed: 0, outOfService: 0 })
  })

  it('find what was hidden by others than the table, a root or a person', async () => {
    const { withoutAuthorisation } = await asked(period)
    assert.deepEqual(withoutAuthorisation, [
      { by: 'node maintenance', how: 'suppressed', alarms: 1 },
      { by: null, how: 'shelved', alarms: 1 },
    ])
    assert.deepEqual(await figure('suppressed-without-authorisation', period), [2, 'missed'])
  })

  it('come with series for screens, by civil day and by ten minutes', async () => {
    const { perDay, perTenMinutes } = await asked(`from=2026-03-10T02:00:00Z&until=2026-03-11T04:00:00Z`)
    assert.deepEqual(
      perDay.map(({ day, alarms }: never) => [day, alarms]),
      [
        ['2026-03-09', 0],
        ['2026-03-10', 15],
        ['2026-03-11', 1],
      ],
    )
    assert.deepEqual(
      perTenMinutes.map(({ at, alarms }: never) => [at, alarms]),
      [
        ['2026-03-10T04:00:00.000Z', 3],
        ['2026-03-10T08:00:00.000Z', 12],
        ['2026-03-11T03:00:00.000Z', 1],
      ],
    )
  })

  it('are asked for by area of responsibility, by user, feeder and area', async () => {
    for (const query of ['responsibility=north', 'user=operator', 'feederId=f-1'])
      assert.equal((await asked(`${period}&${query}`)).totals.told, 3, query)
    assert.equal((await asked(`${period}&user=engineer`)).totals.told, 15)
    assert.equal((await asked(`${period}&area=voltage`)).totals.told, 0)
    const mine = await api.as('operator').get(`/api/alarms/kpis?${period}&mine=true`)
    assert.equal(mine.body.totals.told, 3)
  })

  it('are of the last day unless told otherwise, whole ten minutes only', async () => {
    const { from, until } = await asked('')
    assert.deepEqual([from, until], ['2026-03-11T03:00:00.000Z', '2026-03-12T03:00:00.000Z'])
  })

  it('come as CSV', async () => {
    const { text } = await api.as('viewer').get(`/api/alarms/kpis?${period}`, { accept: 'text/csv' })
    const lines = text.trimEnd().split('\r\n')
    assert.equal(lines.length, 12)
    assert.equal(lines[0], 'name,value,unit,good,most,sense,verdict,titleEn,titlePt,source')
    assert.match(lines[1]!, /^alarms-per-day,15,alarms,150,300,upTo,met,Alarms a day,Alarmes por dia,/)
  })

  it('refuse what makes no sense, and name it', async () => {
    for (const [query, detail] of [
      [
        'from=2026-03-11T00:00:00Z&until=2026-03-11T00:00:00Z',
        /query\.from is .*must be ten minutes before until and now/,
      ],
      ['from=2026-04-11T00:00:00Z&until=2026-04-12T00:00:00Z', /must be ten minutes before until and now/],
      ['until=0000-01-01T00:00:00Z', /query\.until is .*must be after 1970-01-01/],
      ['from=2020-01-01T00:00:00Z', /must not be more than 92 days before until/],
    ] as const) {
      const { status, body } = await api.as('viewer').get(`/api/alarms/kpis?${query}`)
      assert.equal(status, 400)
      assert.match(body.detail, detail)
    }
    const nobody = await api.as('viewer').get('/api/alarms/kpis?user=nobody')
    assert.deepEqual([nobody.status, nobody.body.detail], [404, 'no user "nobody"'])
  })
})
