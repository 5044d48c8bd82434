import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi, type TestApi } from '../../../platform/http/api.fixture.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { mapEveryMs, MapKeeper, slotOf } from './map-keeper.ts'
import { snapshotAt, snapshotsBetween } from './map-repository.ts'
import { mapRoutes } from './map-routes.ts'
import { manyUnits, seedUnits } from './outages.fixture.ts'

const now = Date.parse('2026-03-10T15:10:00Z')
const hourMs = 3_600_000

describe('the outage map of an installation', function () {
  this.timeout(60_000)
  const open = useApi({ routes: [mapRoutes], env: { OUTAGE_MAP_PUBLIC: 'on' } })
  const closed = useApi({ routes: [mapRoutes], database: open.database })
  let many: number

  before(async () => {
    platformClock.set({ at: now, rate: 0 })
    const { database } = open.database
    const units = [...manyUnits(6, 'a', '1', 3_550_308), ...manyUnits(3, 'b', '1', 3_304_557)]
    await seedUnits(database, units)
    const of = (prefix: string, from: number, until: number | null = null) =>
      units.filter(({ unitId }) => unitId.startsWith(prefix)).map(({ unitId }) => ({ unitId, from, until }))
    const { interruptionIds } = await seedInterruptions(database, [
      { units: of('a', now - hourMs), cause: 'wind' },
      { units: of('b', now - 2 * hourMs) },
      { units: of('a', now - 5 * hourMs, now - 4 * hourMs) },
    ])
    many = interruptionIds[0]!
  })
  after(() => platformClock.set(undefined))

  async function made(test: TestApi, leastUnits = 5, keptDays = 90): Promise<void> {
    const faults: unknown[] = []
    const { database } = test
    const at = platformClock.now()
    const keeper = new MapKeeper({
      ...{ database: database.database, leastUnits, keptDays, report: (fault) => faults.push(fault) },
      ...{ clock: platformClock, clockIsSet: () => true },
    })
    await waitUntil('the map', async () => (await snapshotAt(database.database, at))?.slotAt === slotOf(at))
    await keeper.close()
    assert.deepEqual(faults, [])
  }

  it('is none before it was made', async () =>
    assert.equal((await open.as().get('/api/public/outage-map')).status, 404))

  it('is of every half hour, for everybody, and holds back what is too little', async () => {
    const path = `/api/quality/continuity/interruptions/${many}/estimate`
    const estimate = { restoredBy: '2026-03-10T15:00:00-03:00' }
    assert.equal((await open.as('operator').put(path, estimate)).status, 204)
    await made(open)
    const { status, body, headers } = await open.as().get('/api/public/outage-map')
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'public, max-age=1200')
    assert.deepEqual(body, {
      ...{
        slotAt: '2026-03-10T15:00:00.000Z',
        takenAt: '2026-03-10T15:10:00.000Z',
        nextAt: '2026-03-10T15:30:00.000Z',
      },
      ...{ leastUnits: 5, unitsOut: 6 },
      areas: [
        {
          ...{ municipalityCode: 3_304_557, conjuntoId: '1', conjuntoName: 'Conjunto São João 1' },
          ...{ unitsOut: null, since: null, causes: [], restoredBy: null },
        },
        {
          ...{ municipalityCode: 3_550_308, conjuntoId: '1', conjuntoName: 'Conjunto São João 1', unitsOut: 6 },
          ...{ since: '2026-03-10T14:10:00.000Z', restoredBy: '2026-03-10T18:00:00.000Z' },
          causes: [{ programmed: false, origin: 'internal', cause: 'Vento' }],
        },
      ],
    })
    assert.doesNotMatch(JSON.stringify(body), /a-1|b-1/)
    const again = await open.as().get('/api/public/outage-map', {
      'if-none-match': headers.get('etag')!,
      // fetch says no-cache by itself otherwise.
      'cache-control': 'max-age=0',
    })
    assert.equal(again.status, 304)
  })

  it('stays as it was until the next half hour', async () => {
    platformClock.set({ at: now + 19 * 60_000, rate: 0 })
    await made(open, 1)
    assert.equal((await open.as().get('/api/public/outage-map')).body.unitsOut, 6)
    platformClock.set({ at: now + 21 * 60_000, rate: 0 })
    await made(open, 1)
    assert.equal((await open.as().get('/api/public/outage-map')).body.unitsOut, 9)
    const { body } = await open.as('viewer').get('/api/quality/continuity/outage-map?at=2026-03-10T15:20:00Z')
    assert.equal(body.unitsOut, 6)
    const listed = await open
      .as('viewer')
      .get('/api/quality/continuity/outage-maps?from=2026-03-10T00:00:00Z&until=2026-03-11T00:00:00Z')
    assert.deepEqual(
      listed.body.items.map(({ slotAt, unitsOut, areas }: Record<string, unknown>) => [slotAt, unitsOut, areas]),
      [
        ['2026-03-10T15:00:00.000Z', 6, 2],
        ['2026-03-10T15:30:00.000Z', 9, 2],
      ],
    )
  })

  it('is for users only unless the installation says otherwise', async () => {
    assert.equal((await closed.as().get('/api/public/outage-map')).status, 404)
    assert.equal((await closed.as().get('/api/quality/continuity/outage-map')).status, 401)
    const { status, headers } = await closed.as('viewer').get('/api/quality/continuity/outage-map')
    assert.deepEqual([status, headers.get('cache-control')], [200, 'private, no-cache'])
  })

  it('is kept for its days, and no longer', async () => {
    platformClock.set({ at: now + 3 * 24 * hourMs, rate: 0 })
    await made(open, 5, 1)
    const kept = await snapshotsBetween(open.database.database, 0, Number.MAX_SAFE_INTEGER / 1_000, 10)
    assert.deepEqual(
      kept.map(({ slotAt }) => slotAt),
      [slotOf(now + 3 * 24 * hourMs)],
    )
    assert.equal(mapEveryMs, 1_800_000)
  })

  it('is neither made nor let go of by a clock that no simulation has set yet', async () => {
    const { database } = open.database
    const all = () => snapshotsBetween(database, 0, Number.MAX_SAFE_INTEGER / 1_000, 10)
    const before = await all()
    let asked = 0
    const keeper = new MapKeeper({
      ...{ database, leastUnits: 5, keptDays: 1, report: (fault) => assert.fail(String(fault)) },
      ...{ clock: { now: () => now + 9_000 * hourMs }, clockIsSet: () => (asked++, false) },
    })
    await waitUntil('a second round', () => asked > 1)
    await keeper.close()
    assert.deepEqual(await all(), before)
  })

  it('takes no estimate of the past, of another age, of what has ended, or from who may not', async () => {
    const path = (id: number) => `/api/quality/continuity/interruptions/${id}/estimate`
    const future = { restoredBy: '2026-12-01T00:00:00Z' }
    assert.equal((await open.as('operator').put(path(many), { restoredBy: '2026-03-10T00:00:00Z' })).status, 400)
    assert.equal((await open.as('operator').put(path(many), { restoredBy: '9999-12-31T00:00:00Z' })).status, 400)
    assert.equal((await open.as('operator').put(path(many + 2), future)).status, 404)
    assert.equal((await open.as('operator').put(path(many + 99), future)).status, 404)
    assert.equal((await open.as('viewer').put(path(many), future)).status, 403)
    assert.equal((await open.as('operator').put(path(many), { restoredBy: null })).status, 204)
  })
})
