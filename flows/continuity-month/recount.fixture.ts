import type { Conjunto, Limits, Network, Unit } from './network.fixture.ts'
import { month as drawnMonth, now, type DrawnMonth, type Judgement } from './truth.fixture.ts'

/**
 * What a month comes to, counted once more, and slowly: from what happened (never from what was told of it), by the norm and by what
 * is written in docs/continuity.md, docs/interruptions.md and docs/continuity-compensation.md, with every option at its default. It
 * shares no line with what it checks.
 */

type Parcels = Record<string, { ms: number; count: number }>
export interface RecountedUnit {
  readonly dicMs: number
  readonly fic: number
  readonly dmicMs: number
  /** Durations of events, the longest first. */
  readonly dicriMs: readonly number[]
  readonly diseMs: readonly number[]
  readonly parcels: Parcels
  /** Null: a limit is broken, and nobody entered a monetary base. */
  readonly cents: number | null
}
export interface RecountedConjunto {
  readonly units: number
  readonly parcels: Parcels
  readonly decHundredths: number
  readonly fecHundredths: number
}

/** Rows that were entered (`upTo` hundredths of the conjunto's yearly limit). Others are of Anexo 8.B, Table 2. */
export const enteredRows = [
  { voltageClass: 'BT', area: 'urban', upTo: 500, dicH: 4, fic: 3, dmicH: 2.5, dicriH: 8, diseH: 24 },
  { voltageClass: 'BT', area: 'urban', upTo: 1_000, dicH: 5.5, fic: 4, dmicH: 3, dicriH: 8, diseH: 24 },
  { voltageClass: 'BT', area: 'urban', upTo: null, dicH: 11.02, fic: 6, dmicH: 5.59, dicriH: 9, diseH: 24 },
  { voltageClass: 'BT', area: 'non_urban', upTo: 2_000, dicH: 15, fic: 5, dmicH: 7, dicriH: 21, diseH: 48 },
  { voltageClass: 'BT', area: 'non_urban', upTo: null, dicH: 24, fic: 8, dmicH: 12, dicriH: 24, diseH: 48 },
  { voltageClass: 'MT', area: 'non_urban', upTo: null, dicH: 13, fic: 5, dmicH: 10, dicriH: 21, diseH: 48 },
  { voltageClass: 'AT', area: null, upTo: null, dicH: 2, fic: 2, dmicH: 1.5, dicriH: null, diseH: null },
] as const
const mediumUrban = [
  { upTo: 500, dicH: 3, fic: 3, dmicH: 3, dicriH: 8, diseH: 24 },
  { upTo: 1_000, dicH: 5, fic: 4, dmicH: 5, dicriH: 8, diseH: 24 },
  { upTo: 1_500, dicH: 7, fic: 5, dmicH: 6, dicriH: 8, diseH: 24 },
  { upTo: 2_000, dicH: 9, fic: 6, dmicH: 7, dicriH: 8, diseH: 24 },
  { upTo: 2_500, dicH: 10, fic: 6, dmicH: 8, dicriH: 8, diseH: 24 },
  { upTo: null, dicH: 12, fic: 7, dmicH: 8, dicriH: 8, diseH: 24 },
] as const

export function recount(network: Network, drawn: DrawnMonth, month: string) {
  const conjuntos = new Map(network.conjuntos.map((one) => [one.id, one]))
  const said = new Map(drawn.judgements.flatMap((one) => one.unitIds.map((id) => [`${id}@${one.from}`, one] as const)))
  const units = new Map(
    network.units.map((unit) => [unit.id, recountUnit(unit, conjuntos.get(unit.conjunto)!, drawn, said, month)]),
  )
  return {
    units,
    conjuntos: new Map(network.conjuntos.map((one) => [one.id, recountConjunto(network, one, units, month)])),
  }
}

function recountUnit(
  unit: Unit,
  conjunto: Conjunto,
  drawn: DrawnMonth,
  said: ReadonlyMap<string, Judgement>,
  month: string,
): RecountedUnit {
  const zone = conjunto.zone ?? 'America/Sao_Paulo'
  const [begins, ends] = [monthStart(zone, month), monthStart(zone, monthAfter(month))]
  const high = unit.nominalV >= 69_000
  const parcels: Parcels = {}
  const dicriMs: number[] = []
  const diseMs: number[] = []
  let dmicMs = 0
  for (const { from, until } of drawn.outages.get(unit.id)!) {
    const end = until ?? now
    if (end - from < 180_000 || end <= begins || from >= ends) continue
    const judged = said.get(`${unit.id}@${from}`)
    const parcel = parcelOf(judged, drawn.criticalDays.get(unit.conjunto)!.includes(dayIn(zone, from)))
    if (parcel === null) continue
    const ms = Math.min(end, ends) - Math.max(from, begins)
    const beginsHere = from >= begins
    const sum = (parcels[parcel] ??= { ms: 0, count: 0 })
    sum.ms += ms
    if (beginsHere) sum.count++
    if (['IP', 'IND'].includes(parcel) && !isAnnounced(judged, from, end)) dmicMs = Math.max(dmicMs, ms)
    if (['INC', 'IPC'].includes(parcel) && beginsHere && !high) dicriMs.push(end - from)
    if (parcel === 'INE' && beginsHere && !high) diseMs.push(end - from)
  }
  const both = [parcels['IP'], parcels['IND']]
  const counted = {
    dicMs: both.reduce((sum, one) => sum + (one?.ms ?? 0), 0),
    fic: both.reduce((sum, one) => sum + (one?.count ?? 0), 0),
    ...{ dmicMs, dicriMs: dicriMs.toSorted(falling), diseMs: diseMs.toSorted(falling), parcels },
  }
  return { ...counted, cents: month === drawnMonth ? compensation(unit, conjunto, counted) : 0 }
}

const falling = (one: number, other: number): number => other - one

/** Null: of no parcel, and of no indicator. */
function parcelOf(judged: Judgement | undefined, critical: boolean): string | null {
  switch (judged?.exclusion) {
    case 'unit-installation':
    case 'unit-interest':
    case 'suspension':
      return null
    case 'rationing':
    case 'load-shedding':
      return 'INO'
    case 'emergency':
      return 'INE'
    default:
      if (judged?.origin) return critical ? 'XNC' : 'XN'
      if (judged?.plan) return critical ? 'IPC' : 'IP'
      return critical ? 'INC' : 'IND'
  }
}

/** Warned of three days before, and within the window. */
const isAnnounced = (judged: Judgement | undefined, from: number, until: number): boolean =>
  judged?.plan !== undefined &&
  judged.plan.warnedAt <= judged.plan.from - 72 * 3_600_000 &&
  judged.plan.from <= from &&
  until <= judged.plan.until

function recountConjunto(
  network: Network,
  conjunto: Conjunto,
  units: ReadonlyMap<string, RecountedUnit>,
  month: string,
): RecountedConjunto {
  const own = network.units.filter((unit) => unit.conjunto === conjunto.id)
  const parcels: Parcels = {}
  for (const { id } of own)
    for (const [parcel, { ms, count }] of Object.entries(units.get(id)!.parcels)) {
      const sum = (parcels[parcel] ??= { ms: 0, count: 0 })
      sum.ms += ms
      sum.count += count
    }
  const nuc = month === drawnMonth ? (conjunto.enteredUnits ?? own.length) : own.length
  const both = ['IP', 'IND'].map((name) => parcels[name] ?? { ms: 0, count: 0 })
  return {
    ...{ units: nuc, parcels },
    // In hundredths of an hour, 36 s, by unit; each parcel as it is published.
    decHundredths: both.reduce((sum, { ms }) => sum + roundedQuotient(ms, 36_000 * nuc), 0),
    fecHundredths: both.reduce((sum, { count }) => sum + roundedQuotient(100 * count, nuc), 0),
  }
}

const roundedQuotient = (dividend: number, divisor: number): number =>
  Number((2n * BigInt(dividend) + BigInt(divisor)) / (2n * BigInt(divisor)))

/** In exact fractions: amounts are of cents · milliseconds · thousandths, over 3,600,000 · 730 · 1,000. */
function compensation(unit: Unit, conjunto: Conjunto, counted: Omit<RecountedUnit, 'cents'>): number | null {
  const voltageClass = unit.nominalV >= 69_000 ? 'AT' : unit.nominalV > 2_300 ? 'MT' : 'BT'
  const byDec = limitsOf(unit, voltageClass, conjunto.decLimit)
  const { fic: ficLimit } = limitsOf(unit, voltageClass, conjunto.fecLimit)
  const [kei1, kei2, kei3] = { BT: [34n, 14n, 14n], MT: [40n, 20n, 20n], AT: [108n, 0n, 0n] }[voltageClass]
  const vrc = BigInt(unit.vrcCents ?? 0)
  const scale = 3_600_000n * 730n * 1_000n * 1_000n
  const capped = (amount: Fraction): Fraction => {
    const least = { up: 1n, down: 1n }
    const most = { up: 18n * vrc, down: 1n }
    return isLess(amount, least) ? least : isLess(most, amount) ? most : amount
  }
  const ofTime = (ms: number, limitH: number | null, kei: bigint): Fraction[] =>
    limitH === null || ms <= Math.round(limitH * 3_600_000)
      ? []
      : [capped({ up: BigInt(ms) * 1_000_000n * vrc * kei, down: scale })]
  const ofMonth = [
    ...ofTime(counted.dicMs, byDec.dicH, kei1!),
    ...ofTime(counted.dmicMs, byDec.dmicH, kei1!),
    ...(counted.fic > ficLimit
      ? [
          capped({
            up: BigInt(counted.fic) * BigInt(Math.round(byDec.dicH * 1_000)) * vrc * kei1!,
            down: BigInt(ficLimit) * 1_000n * 730n,
          }),
        ]
      : []),
  ]
  const events = [
    ...counted.dicriMs.flatMap((ms) => ofTime(ms, byDec.dicriH, kei2!)),
    ...counted.diseMs.flatMap((ms) => ofTime(ms, byDec.diseH, kei3!)),
  ]
  const greatest = ofMonth.reduce((most, one) => (isLess(most, one) ? one : most), { up: 0n, down: 1n })
  const due = events.reduce(
    (sum, one) => ({ up: sum.up * one.down + one.up * sum.down, down: sum.down * one.down }),
    greatest,
  )
  if (ofMonth.length + events.length > 0 && unit.vrcCents === null) return null
  return Number(due.up / due.down)
}

interface Fraction {
  readonly up: bigint
  readonly down: bigint
}
const isLess = (one: Fraction, other: Fraction): boolean => one.up * other.down < other.up * one.down

function limitsOf(unit: Unit, voltageClass: string, yearly: number): Limits {
  if (unit.limits) return unit.limits
  const entered = enteredRows.filter(
    (row) => row.voltageClass === voltageClass && (row.area === null || row.area === unit.area),
  )
  const rows: readonly (Limits & { upTo: number | null })[] = entered.length > 0 ? entered : mediumUrban
  return rows.find(({ upTo }) => upTo === null || yearly <= upTo)!
}

const monthAfter = (month: string): string =>
  month.endsWith('12')
    ? `${Number(month.slice(0, 4)) + 1}-01`
    : `${month.slice(0, 5)}${String(Number(month.slice(5)) + 1).padStart(2, '0')}`

const formats = new Map<string, Intl.DateTimeFormat>()
/** The civil day of an instant. */
function dayIn(zone: string, at: number): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  formats.set(zone, format)
  return format.format(at)
}

const starts = new Map<string, number>()
/** First instant of a month: the first quarter of an hour whose day is of it. */
function monthStart(zone: string, month: string): number {
  const name = `${zone} ${month}`
  let at = starts.get(name)
  if (at === undefined) {
    at = Date.parse(`${month}-01T00:00:00Z`) - 86_400_000
    while (dayIn(zone, at).slice(0, 7) < month) at += 900_000
    starts.set(name, at)
  }
  return at
}
