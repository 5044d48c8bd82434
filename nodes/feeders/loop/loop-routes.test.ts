import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { noon, SeenLoop } from './control-loop.fixture.ts'
import { loopRoutes } from './loop-routes.ts'
import { follow, seedDevices, seedFeeders, seedReadings, setLimit } from './seeded-town.fixture.ts'

describe('what the control loop came to, over the API', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [loopRoutes] })
  let seen: SeenLoop

  before(async () => {
    platformClock.set({ at: noon, rate: 0 })
    const { database } = test.database
    await seedFeeders(database)
    await seedDevices(database, [
      ...['ev-1', 'ev-2', 'ev-lost'].map((deviceId) => ({ deviceId, feederId: 'f-1' })),
      { deviceId: 'ev-free', feederId: 'g-0' },
      { deviceId: 'ev-pending', feederId: 'f-1', status: 'pending' },
      { deviceId: 'ev-unrated', feederId: 'f-1', ratedKw: null },
    ])
    await database.query(
      `insert into device (device_id, kind, status, feeder_id, first_seen_at) values ('meter-1', 'meter', 'active', 'f-1', to_timestamp(0))`,
    )
    const car = { plugged_in: 'yes', energy_needed_kwh: 12, departs_at: '2026-03-02T19:00:00Z' }
    await seedReadings(database, ['ev-1'], noon, { powerKw: 3, measures: car })
    await seedReadings(database, ['ev-2'], noon, { powerKw: 3 })
    await setLimit(database, 'f-0', 9)
    const clocks = { now: noon, wall: noon }
    seen = new SeenLoop(database, clocks)
    const rounds = (count: number) =>
      waitUntil('rounds', () => seen.outcomes.filter(({ rootId }) => rootId === 'f-0').length >= count)
    await rounds(1)
    await follow(database, seen.setpoints, noon)
    clocks.now += 60_000
    await rounds(2)
  })
  after(async () => {
    platformClock.set(undefined)
    await seen.loop.close()
  })
  const explain = (deviceId: string, role: 'viewer' | 'operator' = 'operator') =>
    test.as(role).get(`/api/feeder/explain?deviceId=${deviceId}`)

  it('says why a device has its setpoint, in words and in numbers', async () => {
    const { status, body } = await explain('ev-1')
    assert.equal(status, 200)
    assert.match(
      body.sentence.en,
      /^ev-1 is to follow .* kW until .*Feeder f-0 may carry no more than 9 kW \(of the registry\)/,
    )
    assert.match(body.sentence.pt, /^ev-1 deve seguir .* \(do cadastro\)/)
    assert.deepEqual([body.leftAlone, body.path, body.round.rootFeederId], [null, ['f-1', 'f-0'], 'f-0'])
    assert.deepEqual(
      [body.share.binding.kind, body.share.binding.feederId, body.share.binding.limitKw, body.share.wantedKw],
      ['feeder', 'f-0', 9, 7.4],
    )
    assert.deepEqual([body.numbers.energyNeededKwh, body.numbers.departsAt], [12, '2026-03-02T19:00:00.000Z'])
    assert.ok(body.numbers.deficitKwh > 0)
    assert.ok(body.feeders.some((load: { feederId: string }) => load.feederId === 'f-0'))
  })

  it('keeps what is known of a car from those who may not see personal data', async () => {
    const { body } = await explain('ev-1', 'viewer')
    assert.deepEqual([body.numbers.withheld, body.numbers.energyNeededKwh, body.numbers.departsAt], [true, null, null])
  })

  it('says of one that is lost what it is counted at', async () => {
    const { body } = await explain('ev-lost')
    assert.deepEqual([body.share.isLost, body.numbers.lost.why], [true, 'never-heard'])
    assert.match(body.sentence.en, /has never been heard, so it is told nothing and counted at 0 kW/)
  })

  for (const [deviceId, left] of [
    ['ev-free', 'no-limit'],
    ['ev-pending', 'unapproved'],
    ['ev-unrated', 'no-rating'],
    ['meter-1', 'not-steerable'],
  ] as const)
    it(`says why ${deviceId} is left alone: ${left}`, async () => {
      const { status, body } = await explain(deviceId)
      assert.deepEqual([status, body.leftAlone, body.share, body.numbers], [200, left, null, null])
      assert.ok(body.sentence.en.startsWith(`${deviceId} follows no setpoint of the control loop`))
    })

  it('knows no device that is not there, and says so', async () => {
    const { status, body } = await explain('nobody')
    assert.equal(status, 404)
    assert.match(JSON.stringify(body), /nobody/)
    assert.equal((await test.as('operator').get('/api/feeder/explain')).status, 400)
    assert.equal((await test.as().get('/api/feeder/explain?deviceId=ev-1')).status, 401)
  })

  it('lists how a feeder was shared out, page by page', async () => {
    const path = '/api/feeders/f-1/allocation'
    const { status, body } = await test.as('viewer').get(`${path}?limit=2`)
    assert.equal(status, 200)
    assert.deepEqual([body.feederId, body.rootFeederId, body.mode, body.fallback], ['f-1', 'f-0', 'heuristic', null])
    assert.ok(body.feeders.every(({ feederId }: { feederId: string }) => feederId === 'f-1'))
    assert.deepEqual(
      body.devices.items.map(({ deviceId }: { deviceId: string }) => deviceId),
      ['ev-1', 'ev-2'],
    )
    const { body: rest } = await test.as('viewer').get(`${path}?limit=2&cursor=${body.devices.nextCursor}`)
    assert.deepEqual(
      rest.devices.items.map(({ deviceId }: { deviceId: string }) => deviceId),
      ['ev-lost'],
    )
    assert.equal((await test.as('viewer').get('/api/feeders/nowhere/allocation')).status, 404)
  })
})
