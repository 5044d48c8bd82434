import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { conjuntoMonths } from '../nodes/continuity/indicators/conjunto-months.ts'
import { useDatabase } from '../platform/storage/test-database.ts'
import type { FieldEvent } from '../platform/wire/reading.ts'
import { drawNetwork } from './continuity-month/network.fixture.ts'
import { recount } from './continuity-month/recount.fixture.ts'
import { StoredMonth, type StoredUnit } from './continuity-month/stored-month.fixture.ts'
import { eventsOf, shuffled, withNoise } from './continuity-month/told.fixture.ts'
import { drawMonth, month, now } from './continuity-month/truth.fixture.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import { say } from './waiting.fixture.ts'

/** Three interruptions for ten units. The whole, 10,000 units with 3,000 interruptions, takes three minutes of two cores; half of it less than one. */
const units = Number(process.env['CONTINUITY_MONTH_UNITS'] ?? 5_000)
const seed = Number(process.env['CONTINUITY_MONTH_SEED'] ?? 1)
const months = ['2026-02', month, '2026-04']

describe('a month of continuity, counted once more by what happened', function () {
  this.timeout(600_000)
  endsWithItsFirstFailure()
  const first = useDatabase()
  const second = useDatabase()
  const network = drawNetwork(seed, { units, conjuntos: 20 })
  const drawn = drawMonth(seed, network, Math.round((units * 3) / 10))
  const told = eventsOf(seed, network, drawn)
  const coming = withNoise(seed, network, told)
  const recounted = new Map(months.map((each) => [each, recount(network, drawn, each)]))
  let shuffledMonth: StoredMonth
  let orderlyMonth: StoredMonth

  before(() => {
    shuffledMonth = new StoredMonth(first.database)
    orderlyMonth = new StoredMonth(second.database)
  })
  after(() => shuffledMonth.close())
  after(() => orderlyMonth.close())

  it('is taken in when it comes shuffled, twice and late', async () => {
    const kinds = Object.entries(Object.groupBy(drawn.incidents, ({ kind }) => kind))
    say(
      `${units} units, ${drawn.incidents.length} incidents (${kinds.map(([kind, all]) => `${kind} ${all!.length}`).join(', ')})`,
    )
    say(`${drawn.judgements.length} judged by persons, ${[...drawn.criticalDays.values()].flat().length} critical days`)
    say(
      `${[...drawn.outages.values()].flat().length} outages of units; ${told.length} events, ${coming.length} as they come`,
    )
    const started = performance.now()
    await shuffledMonth.build(network)
    await shuffledMonth.announce(drawn.judgements)
    say(`network: ${seconds(started)}`)
    const [early, late] = heldBack(shuffled(seed, coming))
    const stored = await shuffledMonth.store(early.slice(0, early.length / 3), 400)
    shuffledMonth.start()
    const more = await shuffledMonth.store(early.slice(early.length / 3), 400)
    await shuffledMonth.settled()
    say(`kept: ${seconds(started)}`)
    await shuffledMonth.judge(drawn)
    const last = await shuffledMonth.store(late, 50)
    await shuffledMonth.settled()
    say(`judged, and what came late: ${seconds(started)}`)
    const duplicates = stored.duplicates + more.duplicates + last.duplicates
    say(`${stored.stored + more.stored + last.stored} events stored, ${duplicates} were there already`)
    assert.ok(duplicates > 0)
  })

  for (const each of months)
    it(`${each}: every unit's DIC, FIC, DMIC, DICRI, DISE, parcels and compensation`, async () => {
      const stored = await shuffledMonth.units(each)
      const differing: string[] = []
      for (const [unitId, wanted] of recounted.get(each)!.units) {
        const { cents, ...rest }: StoredUnit = stored.get(unitId) ?? nothing
        const money = each === month ? { cents } : {}
        const compared = each === month ? wanted : { ...wanted, cents: undefined }
        try {
          assert.deepEqual(
            { ...rest, ...money },
            Object.fromEntries(Object.entries(compared).filter(([, value]) => value !== undefined)),
          )
        } catch (error) {
          differing.push(`${unitId} ${JSON.stringify(drawn.outages.get(unitId))} ${(error as Error).message}`)
        }
      }
      say(`${each}: ${stored.size} units with interruptions, ${differing.length} differ`)
      assert.deepEqual(differing.slice(0, 3), [])
      assert.ok(stored.size > 0)
    })

  for (const each of months)
    it(`${each}: DEC and FEC of every conjunto, with their parcels`, async () => {
      const computed = await conjuntoMonths(first.database, { month: each }, undefined, now)
      assert.deepEqual(
        new Map(
          computed.map(({ conjuntoId, units: counted, parcels, collective }) => [
            conjuntoId,
            { units: counted, parcels, ...collective! },
          ]),
        ),
        recounted.get(each)!.conjuntos,
      )
    })

  it('is the same in another order, in other batches, and when the keepers are ended on the way', async () => {
    const started = performance.now()
    await orderlyMonth.build(network)
    const [early, late] = heldBack(coming.toSorted((one, other) => one.receivedAt - other.receivedAt))
    orderlyMonth.start()
    await orderlyMonth.announce(drawn.judgements)
    await orderlyMonth.store(early.slice(0, early.length / 2), 3_000)
    await orderlyMonth.stop()
    orderlyMonth.start()
    await orderlyMonth.store(early.slice(early.length / 2), 2_000)
    await orderlyMonth.stop()
    orderlyMonth.start()
    await orderlyMonth.settled()
    await orderlyMonth.judge(drawn)
    await orderlyMonth.store(late, 1_000)
    await orderlyMonth.settled()
    say(`once more: ${seconds(started)}`)
    assert.deepEqual(await orderlyMonth.tables(), await shuffledMonth.tables())
  })

  /** What comes only when persons have judged: of meters of units that failed by themselves. */
  function heldBack(events: readonly FieldEvent[]): [FieldEvent[], FieldEvent[]] {
    const judged = new Set(drawn.judgements.flatMap(({ unitIds }) => unitIds))
    const isLate = ({ deviceId, at }: FieldEvent): boolean =>
      at % 10 === 0 && deviceId.startsWith('m-') && !judged.has(deviceId.slice(2))
    return [events.filter((event) => !isLate(event)), events.filter(isLate)]
  }
})

const nothing: StoredUnit = { dicMs: 0, fic: 0, dmicMs: 0, dicriMs: [], diseMs: [], parcels: {}, cents: 0 }
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`
