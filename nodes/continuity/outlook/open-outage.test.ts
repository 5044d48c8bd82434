import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Hub } from '../../../platform/live/hub.ts'
import { defaultChoices } from '../../../platform/regulation/options.ts'
import { defaultPolicy } from '../domain/restoration-policy.ts'
import { Breather } from './breather.ts'
import { calendarIn } from './civil-calendar.ts'
import { liveOutage } from './live-interruption.ts'
import { showOutages } from './live-outages.ts'
import { coursesOf, openOutage } from './open-outage.ts'
import { moneyOf, stepsOf } from './outage-money.ts'
import type { ListedInterruption } from './outage-repository.ts'
import { unitsOfOutage } from './outage-units.ts'
import { emptyOutlook, type RankedOutage } from './outlook.ts'
import type { ProfileRow } from './profile-repository.ts'
import { UnitProfiles } from './unit-profiles.ts'

const hourMs = 3_600_000
/** Tuesday, 10 March 2026, 09:00 in São Paulo, 08:00 in Manaus. */
const start = Date.UTC(2026, 2, 10, 12)
const zone = 'America/Sao_Paulo'
const row = (unitId: string, of: Partial<ProfileRow> = {}): ProfileRow => ({
  ...{ unitId, conjuntoId: 'c-1', area: 'urban', referenceV: 127, service: null, vrcBrl: 60 },
  own: { dicH: 8, fic: 100, dmicH: 700, dicriH: 12, diseH: 24, source: 'test' },
  ...of,
})
const conjunto = (conjuntoId: string, timeZone: string | null, criticalDays: string[] = []) => ({
  ...{ conjuntoId, timeZone, criticalDays, decHundredths: 800, fecHundredths: 600 },
})
const profilesOf = (rows: readonly ProfileRow[], most = 100): UnitProfiles => {
  const conjuntos = [conjunto('c-1', null), conjunto('c-2', 'America/Manaus', ['2026-03-10'])]
  const basis = { month: '2026-03', conjuntos, entered: [], choices: defaultChoices }
  const profiles = new UnitProfiles({ ...basis, distributorUnits: 1_000, indicatorChange: 0 }, most)
  for (const one of rows) profiles.add(one)
  return profiles
}
const interruption = (of: Partial<ListedInterruption> = {}): ListedInterruption => ({
  ...{ interruptionId: 7, eventId: 3, elementKind: 'switch', elementId: 'sw-1', feederId: 'f-1', substationId: null },
  ...{ startedAt: start, endedAt: null, units: 1, cause: null, origin: 'internal', programmed: false },
  ...{ announced: null, void: false, exclusions: [], ...of },
})
const open = (rows: readonly ProfileRow[], of: Partial<ListedInterruption> = {}, from = start) => {
  const profiles = profilesOf(rows)
  const unitIds = rows.map(({ unitId }) => unitId)
  return openOutage(interruption(of), [{ from, unitIds }], profiles, zone, new Breather()).then((outage) => ({
    ...{ outage, profiles },
  }))
}
const ends = (now: number) => ({ now: start + now * hourMs, restored: start + 10 * hourMs, later: start + 12 * hourMs })

describe('an outage that lasts', () => {
  it('has its units by conjunto, zone and what they count as', async () => {
    const exclusions = [{ reason: 'suspension' as const, unitId: 'cut-off' }]
    const rows = [row('a'), row('b', { conjuntoId: 'c-2' }), row('c', { conjuntoId: null }), row('cut-off')]
    const { outage, profiles } = await open(rows, { exclusions })
    assert.deepEqual(
      outage.groups.map(({ units, standing }) => [[...units].map((number) => profiles.unitIdOf(number)), standing]),
      [
        [['a'], 'ordinary'],
        // The day has been decided to be critical there.
        [['b'], 'criticalDay'],
        [['c'], 'ordinary'],
        [['cut-off'], 'uncounted'],
      ],
    )
    const [saoPaulo, manaus] = outage.groups.map((group) => coursesOf(group, outage.interruption, profiles, start))
    assert.equal(
      manaus!.ordinary.months[0]!.shares[0]!.counts.until - saoPaulo!.ordinary.months[0]!.shares[0]!.counts.until,
      hourMs,
    )
  })

  it('costs as its units stand, what is not known and what does not count left out', async () => {
    const rows = [
      row('a'),
      row('b', { conjuntoId: 'c-2' }),
      row('no-vrc', { vrcBrl: null }),
      row('no-limit', { own: null, area: null }),
    ]
    const { outage, profiles } = await open(rows)
    const money = await moneyOf(outage, profiles, ends(1), new Breather())
    // a: DIC after 10 and 12 h; b: DICRI is broken only after 12 h.
    assert.deepEqual([money.asItStands, money.avoidedCents], [{ now: 0, restored: 2_794, later: 3_353 }, 559])
    assert.deepEqual([money.pendingUnits, money.unitsWithCost, money.standing], [2, 1, 'ordinary'])
    assert.deepEqual(money.cases.criticalDay, { now: 0, restored: 0, later: 0 })
    const external = await open(rows, { origin: 'external' })
    const none = await moneyOf(external.outage, external.profiles, ends(1), new Breather())
    assert.deepEqual([none.standing, none.avoidedCents, none.cases.ordinary.later], ['uncounted', 0, 2 * 3_353])
  })

  it('leaves DMIC out within the announced window of what was announced in time', async () => {
    const announced = { from: start, until: start + 20 * hourMs, warnedAt: start - 73 * hourMs }
    const { outage, profiles } = await open([row('a')], { programmed: true, announced })
    assert.equal(
      coursesOf(outage.groups[0]!, outage.interruption, profiles, start).ordinary.announcedUntil,
      announced.until,
    )
    const late = interruption({ programmed: true, announced: { ...announced, warnedAt: start - 71 * hourMs } })
    assert.equal(coursesOf(outage.groups[0]!, late, profiles, start).ordinary.announcedUntil, null)
  })

  it('is the sum over its units, and names those with most (property)', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            id: fc.nat(500),
            vrcBrl: fc.integer({ min: 0, max: 300 }),
            dicH: fc.integer({ min: 1, max: 20 }),
          }),
          {
            ...{ selector: ({ id }) => id, minLength: 1, maxLength: 40 },
          },
        ),
        async (units) => {
          const rows = units.map(({ id, vrcBrl, dicH }) =>
            row(`u-${String(id).padStart(3, '0')}`, { vrcBrl, own: { ...row('').own!, dicH } }),
          )
          const { outage, profiles } = await open(rows)
          const money = await moneyOf(outage, profiles, ends(9), new Breather())
          const each = unitsOfOutage(outage, profiles, money.ends, undefined, 100)
          const sum = (of: (unit: (typeof each)[number]) => number): number =>
            each.reduce((all, unit) => all + of(unit), 0)
          assert.equal(each.length, units.length)
          assert.deepEqual(money.asItStands, {
            ...{ now: sum(({ cost }) => cost!.now), restored: sum(({ cost }) => cost!.restored) },
            later: sum(({ cost }) => cost!.later),
          })
          assert.equal(
            money.avoidedCents,
            sum(({ avoidedCents }) => avoidedCents),
          )
          const most = each.map(({ avoidedCents }) => avoidedCents).toSorted((a, b) => b - a)
          for (const [index, { avoidedCents }] of money.greatest.entries()) assert.equal(avoidedCents, most[index])
          const steps = (await stepsOf(outage, profiles, start, new Breather())).ordinary
          assert.equal(
            steps.filter(({ limit }) => limit === 'DIC').reduce((all, step) => all + step.units, 0),
            units.length,
          )
        },
      ),
      { numRuns: 30 },
    ))

  it('has its units page by page', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((unitId, index) => row(unitId, { conjuntoId: index % 2 ? 'c-1' : 'c-2' }))
    const { outage, profiles } = await open(rows)
    const page = (after: string | undefined) =>
      unitsOfOutage(outage, profiles, ends(1), after, 3).map(({ unitId }) => unitId)
    assert.deepEqual([page(undefined), page('c'), page('d')], [['a', 'b', 'c'], ['d'], []])
  })

  it('counts units that the profiles do not know as pending', async () => {
    const profiles = profilesOf([row('a')], 1)
    assert.equal(profiles.add(row('b')), false)
    const outage = await openOutage(
      interruption(),
      [{ from: start, unitIds: ['a', 'b'] }],
      profiles,
      zone,
      new Breather(),
    )
    assert.deepEqual([outage.unitsOut, outage.unknown], [2, 1])
    assert.equal((await moneyOf(outage, profiles, ends(1), new Breather())).pendingUnits, 1)
  })

  it('is shown live, with the next breaks, until it is gone', async () => {
    const { outage, profiles } = await open([row('a'), row('b'), row('h', { service: 'life_support' })])
    const at = start + hourMs
    const money = await moneyOf(outage, profiles, ends(1), new Breather())
    const event = { eventId: 3, chiH: 3, judgement: null, reachesAt: null }
    const ranked: RankedOutage = {
      ...{ ...money, outage, event, unitsOut: 3, services: outage.services, rank: 1, tier: 1, estimatedBy: null },
      ...{ customerHours: 3, steps: await stepsOf(outage, profiles, at, new Breather()) },
    }
    const shown = liveOutage(ranked, { at, policy: defaultPolicy })
    assert.deepEqual(shown.outlook!.nextBreaks[0], {
      ...{ at: new Date(start + 8 * hourMs).toISOString(), limit: 'DIC', units: 3, brl: 67.05 },
    })
    assert.deepEqual([shown.outlook!.tier, shown.outlook!.broken, shown.unitsOut], ['life_support', {}, 3])
    const hub = new Hub()
    showOutages(hub, { ...emptyOutlook, at, outages: [ranked] })
    assert.deepEqual(hub.get('interruptions', '7'), shown)
    const { version } = hub.state('interruptions')
    showOutages(hub, { ...emptyOutlook, at, outages: [ranked] })
    assert.equal(hub.state('interruptions').version, version, 'shown twice')
    showOutages(hub, { ...emptyOutlook, ended: [{ ...interruption(), endedAt: at, customerHours: 3 }] })
    assert.deepEqual(
      [hub.get('interruptions', '7')?.endedAt, hub.get('interruptions', '7')?.outlook],
      [new Date(at).toISOString(), null],
    )
    showOutages(hub, emptyOutlook)
    assert.equal(hub.get('interruptions', '7'), undefined)
  })
})

describe('months of a zone', () => {
  it('reach from that of a beginning to the one after now', () =>
    assert.deepEqual(
      calendarIn(zone)
        .monthsFrom(Date.UTC(2026, 0, 1, 2), Date.UTC(2026, 1, 3))
        .map(({ month }) => month),
      ['2025-12', '2026-01', '2026-02', '2026-03'],
    ))
})

describe('long work', () => {
  it('lets others have a turn once it has gone on for some time, and not before', async () => {
    const breather = new Breather()
    let turns = 0
    const others = setInterval(() => turns++, 1)
    await breather.rest()
    assert.equal(turns, 0)
    const until = performance.now() + 30
    while (performance.now() < until);
    assert.ok(breather.isDue)
    await breather.rest()
    assert.ok(!breather.isDue)
    clearInterval(others)
  })
})
