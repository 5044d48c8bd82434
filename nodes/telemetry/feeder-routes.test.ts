import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { seedReadings } from './seeded-readings.fixture.ts'
import { telemetryRoutes } from './routes.ts'

const minute = 60_000
/** Noon and a half in São Paulo, on a Saturday. */
const now = Date.parse('2026-11-21T15:30:00Z')

describe('routes of feeders', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [telemetryRoutes], env: { FEEDER_DEFAULT_LIMIT_KW: '120', DEFAULT_FEEDER_ID: 'f-2' } })
  const get = async (path: string) => {
    const { status, body } = await test.as('viewer').get(path)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const refusal = async (path: string): Promise<[number, string]> => {
    const { status, body } = await test.as('viewer').get(path)
    return [status, body.detail]
  }

  before(async () => {
    platformClock.set({ at: now, rate: 0 })
    const { database } = test.database
    await database.query(
      `insert into feeder (feeder_id, parent_feeder_id, limit_kw) values ('f-0', null, 500), ('f-1', 'f-0', null), ('f-2', 'f-0', null)`,
    )
    await database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id) values
         ('pv', 'der', 'pv', 'active', 'f-1'), ('ev', 'der', 'ev', 'active', 'f-1'), ('bat', 'der', 'battery', 'active', 'f-2')`,
    )
    // 15 minutes of the EV at 8 kW, then 15 minutes at 16 kW; the PV all the time.
    const at = (minutesAgo: number) => now - minutesAgo * minute
    await seedReadings(
      database,
      'der',
      Array.from({ length: 30 }, (_, n) => [
        { deviceId: 'ev', at: at(n + 1), values: { p_actual_kw: n < 15 ? 16 : 8 } },
        { deviceId: 'pv', at: at(n + 1), values: { p_actual_kw: -4 } },
      ]).flat(),
    )
    await seedReadings(database, 'der', [{ deviceId: 'bat', at: now - 30_000, values: { p_actual_kw: 2.5 } }])
  })
  after(() => platformClock.set(undefined))

  it('sum up the latest readings, with the limit of the registry or of the environment', async () => {
    assert.deepEqual(await get('/api/feeder/summary?feederId=f-1'), {
      ...{ feederId: 'f-1', totalKw: 12, limitKw: 120, deviceCount: 2, timestamp: '2026-11-21T15:30:00.000Z' },
      byType: { ev: { count: 1, totalKw: 16 }, pv: { count: 1, totalKw: -4 } },
    })
    const { totalKw, limitKw, deviceCount } = await get('/api/feeder/summary?feederId=f-0')
    assert.deepEqual([totalKw, limitKw, deviceCount], [14.5, 500, 3])
  })

  it('mean the default feeder where none is named', async () => {
    const { feederId, totalKw } = await get('/api/feeder/summary')
    assert.deepEqual([feederId, totalKw], ['f-2', 2.5])
  })

  it('do not know a feeder that is not there', async () => {
    for (const route of ['summary', 'history', 'metrics'])
      assert.deepEqual(await refusal(`/api/feeder/${route}?feederId=f-9`), [404, 'no feeder "f-9"'])
  })

  it('tell the history by bucket, oldest first', async () => {
    const { points, ...rest } = await get('/api/feeder/history?feederId=f-1&minutes=30&bucketSeconds=900')
    assert.deepEqual(rest, { feederId: 'f-1', limitKw: 120, bucketSeconds: 900 })
    assert.deepEqual(
      points.map(({ timestamp, totalKw, deviceCount }: Record<string, unknown>) => [timestamp, totalKw, deviceCount]),
      [
        ['2026-11-21T15:00:00.000Z', 4, 2],
        ['2026-11-21T15:15:00.000Z', 12, 2],
      ],
    )
    assert.equal((await get('/api/feeder/history?feederId=f-1')).points.length, 30)
  })

  it('divide minutes within the last hour only', async () => {
    const { points } = await get('/api/feeder/history?feederId=f-1&minutes=1&bucketSeconds=20')
    assert.deepEqual(
      points.map(({ timestamp }: { timestamp: string }) => timestamp),
      ['2026-11-21T15:29:00.000Z'],
    )
    assert.deepEqual(await refusal('/api/feeder/history?minutes=61&bucketSeconds=90'), [
      ...[400, 'query.minutes is 61: it is 60 at most where bucketSeconds is not of whole minutes'],
    ])
    assert.deepEqual(await refusal('/api/feeder/history?minutes=44640&bucketSeconds=60'), [
      ...[400, 'query.bucketSeconds is 60: it makes more than 1500 buckets of 44640 minutes'],
    ])
  })

  it('tell energy, peak, mean and load factor of the civil day', async () => {
    const { buckets, ...day } = await get('/api/feeder/metrics?feederId=f-1&window=day&bucketMinutes=30')
    assert.deepEqual(day, {
      ...{ feederId: 'f-1', limitKw: 120, window: 'day', from: '2026-11-21T03:00:00.000Z' },
      ...{ to: '2026-11-21T15:30:00.000Z', bucketMinutes: 30, demandMinutes: 15 },
      // A quarter at 4 kW, one at 12 kW.
      ...{ energyKwh: 4, peakKw: 12, meanKw: 8, loadFactor: 0.666667, knownHours: 0.5 },
      peakAt: '2026-11-21T15:15:00.000Z',
    })
    assert.deepEqual(buckets, [
      {
        ...{ timestamp: '2026-11-21T15:00:00.000Z', energyKwh: 4, peakKw: 12, meanKw: 8 },
        ...{ loadFactor: 0.666667, knownHours: 0.5 },
      },
    ])
  })

  it('tell the other calendar periods', async () => {
    for (const [window, from, demandMinutes] of [
      ['hour', '2026-11-21T15:00:00.000Z', 15],
      ['day', '2026-11-21T03:00:00.000Z', 60],
      ['week', '2026-11-16T03:00:00.000Z', 60],
      ['month', '2026-11-01T03:00:00.000Z', 60],
    ] as const) {
      const metrics = await get(`/api/feeder/metrics?feederId=f-1&window=${window}`)
      assert.deepEqual([metrics.from, metrics.demandMinutes, metrics.energyKwh], [from, demandMinutes, 4])
    }
    assert.deepEqual(await refusal('/api/feeder/metrics?window=week&bucketMinutes=90'), [
      ...[400, 'query.bucketMinutes is 90: it takes whole hours where window is week'],
    ])
    assert.deepEqual((await refusal('/api/feeder/metrics?window=year'))[0], 400)
  })

  it('list feeders in pages', async () => {
    const first = await get('/api/feeder/feeders?limit=2')
    const second = await get(`/api/feeder/feeders?limit=2&cursor=${first.nextCursor}`)
    assert.deepEqual(
      [...first.items, ...second.items].map(({ feederId, parentFeederId, deviceCount, downstreamDeviceCount }) => [
        ...[feederId, parentFeederId, deviceCount, downstreamDeviceCount],
      ]),
      [
        ['f-0', null, 0, 3],
        ['f-1', 'f-0', 2, 2],
        ['f-2', 'f-0', 1, 1],
      ],
    )
    assert.equal(second.nextCursor, null)
  })

  it('answer nobody who is not logged in', async () => {
    for (const route of ['summary', 'history', 'metrics', 'feeders'])
      assert.equal((await test.as().get(`/api/feeder/${route}`)).status, 401)
  })
})
