import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { continuityConjuntoRoutes } from './conjunto-routes.ts'
import { conjuntoYears, distributorYear } from './conjunto-years.ts'
import { hoursOf } from './indicator-fields.ts'
import { KeptIndicators } from './kept-indicators.fixture.ts'
import { rankedUnitMonths } from './ranked-unit-repository.ts'
import { seedConjunto, seedUnits } from './seeded-units.fixture.ts'
import { unitAccount } from './unit-account.ts'
import { continuityUnitRoutes } from './unit-routes.ts'

const hourMs = 3_600_000
const march = Date.parse('2026-03-01T03:00:00Z')
const now = march + 20 * 24 * hourMs

describe('routes of continuity', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [continuityUnitRoutes, continuityConjuntoRoutes] })
  const get = async (path: string, role: 'viewer' | 'operator' = 'viewer') => {
    const { status, body } = await test.as(role).get(`/api/quality/continuity/${path}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  let ids: number[] = []

  before(async () => {
    platformClock.set({ at: now, rate: 0 })
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'c-2')
    await seedUnits(database, 'c-1', ['u-1', 'u-2', 'u-3', 'u-4'])
    await seedUnits(database, 'c-2', ['u-5'])
    await database.query(`insert into conjunto_limit values ('c-1', 2026, 800, 600)`)
    await database.query(`insert into unit_continuity_limit values ('u-1', '2026-01-01', 8, 5, 6, 8, 24, 'contract 7')`)
    await database.query(`insert into unit_monetary_base values ('u-1', '2026-03-01', 60, 'bills')`)
    const out = (fromH: number, untilH: number | null, ...unitIds: string[]) => ({
      units: unitIds.map((unitId) => ({
        ...{ unitId, from: march + fromH * hourMs, until: untilH === null ? null : march + untilH * hourMs },
      })),
    })
    const seeded = await seedInterruptions(database, [
      { ...out(10, 20, 'u-1', 'u-2'), programmed: false },
      out(30, 30.01, 'u-1'),
      out(478, null, 'u-2', 'u-5'),
      out(-48, -46, 'u-3'),
      { ...out(50, 54, 'u-1'), origin: 'external' },
    ])
    ids = seeded.interruptionIds
    const kept = new KeptIndicators(() => database, now)
    kept.keeper()
    await kept.settled()
    await kept.close()
    assert.deepEqual(kept.errors, [])
  })
  after(() => platformClock.set(undefined))

  it('rank units of a month by what is asked, page by page', async () => {
    const first = await get('units?month=2026-03&limit=2')
    assert.deepEqual(
      first.items.map(({ unitId, dicH, fic, lasts }: never) => [unitId, dicH, fic, lasts]),
      [
        ['u-2', 12, 2, true],
        ['u-1', 10, 1, false],
      ],
    )
    const rest = await get(`units?month=2026-03&limit=2&cursor=${first.nextCursor}`)
    assert.deepEqual([rest.items.length, rest.items[0].unitId, rest.nextCursor], [1, 'u-5', null])
    const byMoney = await get('units?month=2026-03&rank=compensation&violated=true')
    assert.deepEqual(
      byMoney.items.map(({ unitId, violated, compensationBrl }: never) => [unitId, violated, compensationBrl]),
      [['u-1', ['DIC', 'DMIC'], 27.94]],
    )
    assert.deepEqual((await get('units?month=2026-03&conjuntoId=c-2')).items.length, 1)
    assert.deepEqual((await get('units?month=2025-03')).items, [])
    const { database } = test.database
    assert.equal(
      (await rankedUnitMonths(database, '2026-02', 'fic', {}, { after: undefined, limit: 9 }))[0]?.unitId,
      'u-3',
    )
  })

  it('refuse a cursor of another ranking', async () => {
    const { nextCursor } = await get('units?month=2026-03&limit=1')
    const { status } = await test.as('viewer').get(`/api/quality/continuity/units?rank=fic&cursor=${nextCursor}`)
    assert.equal(status, 400)
  })

  it('show a month with each of its interruptions, also those that do not count', async () => {
    const account = await get('units/u-1')
    assert.deepEqual(
      account.parts.map(({ interruptionId, parcel, durationH, counts }: never) => [
        interruptionId,
        parcel,
        durationH,
        counts,
      ]),
      [
        [ids[0], 'IND', 10, true],
        [ids[1], null, 0, false],
        [ids[4], 'XN', 4, true],
      ],
    )
    assert.deepEqual(
      [account.dicH, account.fic, account.dmicH, account.violated],
      [hoursOf(36_000_000), 1, 10, ['DIC', 'DMIC']],
    )
    assert.deepEqual(
      [account.limits.source, account.compensation.amountBrl, account.pending],
      ['contract 7', 27.94, null],
    )
    const lasting = await get('units/u-2')
    assert.deepEqual([lasting.parts[1].until, lasting.lasts, lasting.dicH], [null, true, 12])
    assert.match(lasting.pending, /no row of Anexo 8.B is known for BT urban/)
  })

  it('show what a unit is charged to those who may see it, and to nobody else', async () => {
    const seen = (await get('units/u-1', 'operator')).compensation
    assert.equal(seen.items[0].explained.inputs.VRC, 60)
    const looks = await test.database.database.query(
      "select username, event, subject from access_log where event <> 'login'",
    )
    assert.deepEqual(looks, [{ username: 'operator', event: 'consumption_read', subject: 'u-1' }])
    const { explained, items } = (await get('units/u-1')).compensation
    assert.deepEqual([explained, items[0].explained, items[0].amountBrl], [null, null, 27.94])
    assert.doesNotMatch(JSON.stringify(await get('units/u-1')), /VRC/)
  })

  it('know no month of a unit that is not there, nor what is no month', async () => {
    assert.equal((await test.as('viewer').get('/api/quality/continuity/units/nobody')).status, 404)
    assert.equal((await test.as('viewer').get('/api/quality/continuity/units/u-1?month=1899-03')).status, 400)
    assert.equal(await unitAccount(test.database.database, 'nobody', '2026-03', now), undefined)
  })

  it('show conjuntos of a month with all parcels, and the year against its limit', async () => {
    const [first, second] = await get('conjuntos?month=2026-03')
    // u-1 10 h, u-2 10 and 2 h, over four units; two hours of u-3 in February.
    assert.deepEqual([first.conjuntoId, first.units, first.dec, first.fec], ['c-1', 4, 5.5, 0.75])
    assert.deepEqual([first.decIND, first.decXN, first.fecXN, first.decIP], [5.5, 1, 0.25, 0])
    assert.deepEqual([first.decYear, first.decLimit, first.decUsedPct, first.fecUsedPct], [6, 8, 75, 16.67])
    assert.deepEqual([second.dec, second.decLimit, second.decUsedPct], [2, null, null])
    assert.deepEqual((await get('conjuntos?month=2026-02')).length, 2)
    assert.equal((await get('conjuntos?month=2026-02'))[0].decYear, 0.5)
  })

  it('show the year of a conjunto month by month', async () => {
    const year = await get('conjuntos/c-1')
    assert.deepEqual(
      year.months.map(({ month, dec }: never) => [month, dec]),
      [
        ['2026-02', 0.5],
        ['2026-03', 5.5],
      ],
    )
    assert.deepEqual((await get('conjuntos/c-1?year=2024')).months, [])
    assert.equal((await test.as('viewer').get('/api/quality/continuity/conjuntos/none')).status, 404)
  })

  it('rank conjuntos by DGC, and all of them together', async () => {
    const { conjuntos, distributor } = await get('ranking')
    // (6.00 / 8.00 + 1.00 / 6.00) / 2
    assert.deepEqual(
      conjuntos.map(({ rank, conjuntoId, dgc }: never) => [rank, conjuntoId, dgc]),
      [
        [1, 'c-1', 0.458333],
        [null, 'c-2', null],
      ],
    )
    assert.deepEqual([distributor.decYear, distributor.decLimit, distributor.dgc], [5.2, null, null])
    const { database } = test.database
    await database.query(`insert into conjunto_limit values ('c-2', 2026, 300, 600)`)
    const { years } = await conjuntoYears(database, 2026)
    const whole = await distributorYear(database, 2026, years)
    // (8.00 · 4 + 3.00 · 1) / 5
    assert.equal(whole?.limit?.decHundredths, 700)
  })

  it('answer as CSV, too', async () => {
    const reply = await test.as('viewer').get('/api/quality/continuity/conjuntos?month=2026-03', { accept: 'text/csv' })
    assert.match(String(reply.text), /^conjuntoId,month,units,dec,fec,decYear,/)
  })
})
