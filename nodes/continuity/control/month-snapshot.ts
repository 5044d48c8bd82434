import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { parcelHundredths, type Rounding } from '../domain/collective.ts'
import { compensationRuleIn } from '../domain/compensation-rules.ts'
import { monthSpan } from '../domain/month.ts'
import { zonesOfConjuntos } from '../indicators/civil-repository.ts'
import { conjuntoMonths, type ComputedConjuntoMonth } from '../indicators/conjunto-months.ts'
import { unitMonths, type ComputedMonth } from '../indicators/unit-months.ts'
import { dueBrl } from './change-sum.ts'
import type { SnapshotRow } from './hash-chain.ts'
import { conjuntosAtOnce, slicesOf } from './slices.ts'
import {
  conjuntosWithLimits,
  criticalDaysFor,
  exclusionsWithin,
  interruptionsWithin,
  monetaryBases,
  situationsWithin,
  unitsAfter,
  type NamedConjunto,
} from './snapshot-repository.ts'

/** So many rows are held at a time. */
const pageRows = 2_000

/**
 * The stretch of time that a month is for any conjunto, UTC milliseconds: from its first beginning to its last end.
 * @throws RangeError for what is no month
 */
export async function monthReach(
  queries: Queries,
  month: string,
  timeZone: string,
): Promise<{ from: number; until: number }> {
  const spans = [timeZone, ...(await zonesOfConjuntos(queries))].map((zone) => monthSpan(month, civilDaysIn(zone)))
  return { from: Math.min(...spans.map(({ from }) => from)), until: Math.max(...spans.map(({ until }) => until)) }
}

/**
 * All that a month came to, and what it was computed from: options, the rule of compensation, conjuntos, critical days,
 * situations of emergency, interruptions, exclusions, then every unit of the registry. A page of rows at a time, so that memory
 * does not grow with the number of units.
 * @param timeZone  where a conjunto has none of its own
 * @param now       until when what lasts is counted, UTC milliseconds
 */
export async function* snapshotPages(
  queries: Queries,
  month: string,
  timeZone: string,
  now: number,
): AsyncGenerator<readonly SnapshotRow[]> {
  const { from, until } = await monthReach(queries, month, timeZone)
  yield await ruleRows(queries, month)
  yield await conjuntoRows(queries, month, timeZone, now)
  yield await criticalDaysFor(queries, month)
  yield await situationsWithin(queries, from, until)
  for (let last = 0; ;) {
    const rows = await interruptionsWithin(queries, from, until, last, pageRows)
    if (rows.length === 0) break
    yield rows
    last = rows.at(-1)!.interruptionId
  }
  for (let last = 0; ;) {
    const rows = await exclusionsWithin(queries, from, until, last, pageRows)
    if (rows.length === 0) break
    yield rows
    last = rows.at(-1)!.exclusionId
  }
  yield* unitPages(queries, month, now)
}

async function ruleRows(queries: Queries, month: string): Promise<SnapshotRow[]> {
  const choices = Object.entries(await regulationChoices(queries))
  const options = choices
    .filter(([key]) => key.startsWith('continuity-'))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return [
    ...options.map(([subject, value]) => ({ kind: 'option', subject, value })),
    { kind: 'rule', subject: 'compensation', ...compensationRuleIn(month) },
  ]
}

async function conjuntoRows(queries: Queries, month: string, timeZone: string, now: number): Promise<SnapshotRow[]> {
  const { 'continuity-dec-fec-rounding': rounding } = await regulationChoices(queries)
  const conjuntos = await conjuntosWithLimits(queries, month)
  const rows: SnapshotRow[] = []
  // A few at a time: each holds the outages of its units.
  for (const some of slicesOf(conjuntos, conjuntosAtOnce)) {
    const scope = { month, conjuntoIds: some.map(({ conjuntoId }) => conjuntoId) }
    const computed = new Map(
      (await conjuntoMonths(queries, scope, undefined, now)).map((each) => [each.conjuntoId, each]),
    )
    for (const conjunto of some)
      rows.push(conjuntoRow(conjunto, computed.get(conjunto.conjuntoId)!, conjunto.timeZone ?? timeZone, rounding))
  }
  return rows
}

function conjuntoRow(
  { conjuntoId, ...conjunto }: NamedConjunto,
  { units, parcels, collective }: ComputedConjuntoMonth,
  timeZone: string,
  rounding: Rounding,
): SnapshotRow {
  const published = Object.entries(parcels).map(([parcel, share]) => [
    parcel,
    { ...share, ...parcelHundredths(share, units, rounding) },
  ])
  return {
    ...{ kind: 'conjunto', subject: conjuntoId, ...conjunto, timeZone, units },
    ...{ decHundredths: collective?.decHundredths ?? null, fecHundredths: collective?.fecHundredths ?? null },
    parcels: Object.fromEntries(published) as unknown,
  }
}

/** Units of the registry by name, each with its month, its limits and its monetary base. */
async function* unitPages(queries: Queries, month: string, now: number): AsyncGenerator<readonly SnapshotRow[]> {
  for (let last = ''; ;) {
    const unitIds = await unitsAfter(queries, last, pageRows)
    if (unitIds.length === 0) return
    const computed = await unitMonths(queries, { month, unitIds }, undefined, now)
    const bases = await monetaryBases(queries, month, unitIds)
    const sorted = computed.toSorted((one, other) => (one.unitId < other.unitId ? -1 : 1))
    yield sorted.map((unit) => unitRow(unit, bases.get(unit.unitId) ?? null))
    last = unitIds.at(-1)!
  }
}

function unitRow({ compensation, ...unit }: ComputedMonth, vrcBrl: number | null): SnapshotRow {
  return {
    ...{ kind: 'unit', subject: unit.unitId, ...unit, vrcBrl },
    amountBrl: dueBrl({ compensation, pending: unit.pending }),
    compensation: compensation as unknown,
  }
}
