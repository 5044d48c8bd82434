import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { continuityRoutes } from '../routes.ts'
import { Outage, Unit } from './outage-fields.ts'
import { keepOutlook } from './running-outlook.ts'
import { seedOutageUnits } from './seeded-outages.fixture.ts'

const base = '/api/quality/continuity/outages'
const hourMs = 3_600_000

describe('outages over the API', function () {
  this.timeout(60_000)
  const faults: unknown[] = []
  let release: () => Promise<void>
  // Before the database goes.
  after(async () => {
    await release()
    platformClock.set(undefined)
    assert.deepEqual(faults, [])
  })
  const api = useApi({ routes: [continuityRoutes] })
  /** Tuesday, 10 March 2026, 09:00 in São Paulo: far from the ends of its month. */
  const now = Date.UTC(2026, 2, 10, 12)
  let interruptionId = 0

  before(async () => {
    platformClock.set({ at: now, rate: 1 })
    const { database } = api.services
    await seedOutageUnits(database, '2026-03', [
      ...['unit-1', 'unit-2', 'unit-3'].map((unitId) => ({ unitId, limits: { dicH: 0.5 } })),
      { unitId: 'unit-4', vrcBrl: null },
      { unitId: 'hospital', service: 'life_support' },
    ])
    const before = await api.as('viewer').get(base)
    assert.equal(before.status, 503, before.text)
    assert.match(before.body.detail, /not been looked at yet/)
    const from = now - 2 * 60_000
    ;[interruptionId] = (
      await seedInterruptions(database, [
        {
          ...{ elementId: 'sw-1', feederId: 'f-1' },
          units: ['unit-1', 'unit-2', 'unit-3', 'unit-4'].map((unitId) => ({ unitId, from, until: null })),
        },
        { elementId: 'sw-2', units: [{ unitId: 'hospital', from, until: null }] },
      ])
    ).interruptionIds as [number]
    const { kept, ...keeping } = keepOutlook(database, (fault) => faults.push(fault))
    release = keeping.release
    await waitUntil('both', () => {
      const { outages } = kept.outages.outlook
      return outages.length === 2 && outages.every(({ steps }) => steps !== null)
    })
  })

  it('are ranked, of a feeder too, page by page, also as CSV', async () => {
    const viewer = api.as('viewer')
    const { body } = await viewer.get(base)
    assert.deepEqual(
      body.items.map((one: { rank: number; elementId: string; tier: unknown }) => [one.rank, one.elementId, one.tier]),
      [
        [1, 'sw-2', null],
        [2, 'sw-1', null],
      ],
      'whose life depends on supply is nobody else’s business',
    )
    const operator = await api.as('operator').get(base)
    assert.deepEqual(
      operator.body.items.map(({ tier }: { tier: string }) => tier),
      ['life_support', 'money'],
    )
    const first = await viewer.get(`${base}?limit=1`)
    const second = await viewer.get(`${base}?limit=1&cursor=${first.body.nextCursor}`)
    assert.deepEqual([first.body.items[0].rank, second.body.items[0].rank, second.body.nextCursor], [1, 2, null])
    const ofFeeder = await viewer.get(`${base}?feederId=f-1`, { accept: 'text/csv' })
    const [heads, line] = ofFeeder.text.split('\r\n')
    assert.equal(heads, Object.keys(Outage.properties).join())
    assert.match(line!, /^2,\d+,.*sw-1/)
  })

  it('say what they cost in each case, with the reasons, and the next breaks', async () => {
    const { body } = await api.as('operator').get(`${base}/${interruptionId}`)
    // Three units break 0.5 h of DIC, and cost 22.36 for 8 h: 2.79 an hour. Truncated to cents, unit by unit.
    const { ordinary, criticalDay } = body.cases
    const later = (Date.parse(body.laterAt) - now + 2 * 60_000) / hourMs
    const each = Math.trunc(((60 / 730) * 34 * later + 1e-8) * 100) / 100
    assert.ok(Math.abs(ordinary.laterBrl.amountBrl - 3 * each) < 0.04, `${ordinary.laterBrl.amountBrl} of 3 × ${each}`)
    assert.deepEqual([ordinary.laterBrl.inputs.units, ordinary.laterBrl.inputs.pendingUnits], [4, 1])
    assert.match(ordinary.laterBrl.rule.source, /PRODIST/)
    assert.deepEqual(
      [ordinary.steps[0].limit, ordinary.steps[0].units, criticalDay.steps[0].limit, criticalDay.laterBrl.amountBrl],
      ['DIC', 3, 'DICRI', 0],
    )
    const [greatest] = body.greatest
    const [month] = greatest.later.months
    assert.equal(month.withOutage.items[0].indicator, 'DIC')
    assert.equal(month.withOutage.items[0].money.inputs.VRC, 60)
    assert.equal((await api.as('viewer').get(`${base}/${interruptionId}`)).body.greatest, null)
  })

  it('unit by unit to those who may see what is personal, and it is written down', async () => {
    const path = `${base}/${interruptionId}/units`
    assert.equal((await api.as('viewer').get(path)).status, 403)
    const operator = api.as('operator')
    const first = await operator.get(`${path}?limit=3`)
    const rest = await operator.get(`${path}?limit=3&cursor=${first.body.nextCursor}`)
    const items = [...first.body.items, ...rest.body.items]
    assert.deepEqual(
      items.map(({ unitId, vrcBrl, costLaterBrl }) => [unitId, vrcBrl, costLaterBrl === null]),
      [
        ['unit-1', 60, false],
        ['unit-2', 60, false],
        ['unit-3', 60, false],
        ['unit-4', null, true],
      ],
    )
    assert.equal(Date.parse(items[0].dicBreaksAt), now - 2 * 60_000 + hourMs / 2)
    const csv = await operator.get(path, { accept: 'text/csv' })
    const [heads, ...lines] = csv.text.split('\r\n')
    assert.deepEqual([heads, lines.length], [Object.keys(Unit.properties).join(), 5])
    const log = await api.services.database.query<{ detail: string }>(
      `select detail from access_log where event = 'personal_read' order by id desc limit 1`,
    )
    assert.equal(log[0]?.detail, 'unit-1 unit-2 unit-3 unit-4')
  })

  it('are not found where they do not last', async () => {
    const { status, body } = await api.as('operator').get(`${base}/999999`)
    assert.deepEqual([status, body.detail], [404, 'no outage that lasts 999999'])
  })
})
