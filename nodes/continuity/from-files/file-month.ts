import { civilDaysIn, type CivilDays } from '../../../platform/clock/civil-day.ts'
import type { RegulationChoices } from '../../../platform/regulation/options.ts'
import { comparableHundredths, sumOfParcels, type Collective } from '../domain/collective.ts'
import { dueOf, type Due } from '../domain/due.ts'
import { hasEvents } from '../domain/event-rules.ts'
import { individualLimitsOf, type EnteredRow, type IndividualLimits } from '../domain/individual-limits.ts'
import { unitMonthOf, type ParcelShares, type UnitMonth } from '../domain/individual.ts'
import { daySpan, monthSpan } from '../domain/month.ts'
import { outageParts, type CountingRules } from '../domain/outage-parts.ts'
import type { FileInterruptions } from './interruption-file.ts'
import type { FileConjunto } from './limit-file.ts'
import type { FileUnit } from './unit-file.ts'

/** A month, and all that files say of it. */
export interface MonthFiles {
  /** `YYYY-MM` */
  readonly month: string
  /** In the order of their numbers. */
  readonly units: readonly FileUnit[]
  readonly interruptions: FileInterruptions
  /** In the year of the month. */
  readonly conjuntos: ReadonlyMap<string, FileConjunto>
  readonly rows: readonly EnteredRow[]
  readonly zoneOf: (conjuntoId: string) => string
  /** Until when what has no end is counted, UTC milliseconds; null: the end of the month. */
  readonly until: number | null
  readonly choices: RegulationChoices
}

/** A unit with an outage in the month. */
export interface FileUnitMonth extends UnitMonth, Due {
  readonly unit: FileUnit
  readonly limits: IndividualLimits | null
}

/** The month of a conjunto. */
export interface FileConjuntoMonth {
  readonly conjuntoId: string
  /** Consumer units (NUC). */
  readonly units: number
  readonly parcels: ParcelShares
  readonly collective: Collective
  /** Of the year; null: not known. */
  readonly limit: Collective | null
  /** What is due to its units, R$, to how many, and to how many that cannot be said. */
  readonly amountBrl: number
  readonly compensated: number
  readonly pending: number
}

/** Units with outages in the month, in the order of their file. */
export function* unitMonthsOf(files: MonthFiles): Generator<FileUnitMonth> {
  const { month, units, interruptions, choices } = files
  const { outages, facts, idOf } = interruptions
  const rulesOf = countingRules(files)
  const limitsOf = unitLimits(files)
  for (const [index, pieces] of outages.byUnit(units.length, idOf)) {
    const unit = units[index]!
    const rules = rulesOf(unit)
    const unitMonth = unitMonthOf(unit.unitId, outageParts(unit.unitId, pieces, facts, rules), rules)
    if (Object.keys(unitMonth.parcels).length + unitMonth.dicri.length + unitMonth.dise.length === 0) continue
    const limits = limitsOf(unit)
    const missing = 'missing' in limits
    const basis = {
      ...unit,
      limits: missing ? null : limits,
      pending: missing ? limits.missing : 'the monetary base (vrc_brl) is not given',
    }
    yield { unit, limits: basis.limits, ...unitMonth, ...dueOf(basis, month, unitMonth, choices) }
  }
}

/** All conjuntos of the file of units, by their names. */
export function conjuntoMonthsOf(files: MonthFiles, unitMonths: Iterable<FileUnitMonth>): FileConjuntoMonth[] {
  const { month, units, conjuntos, choices } = files
  const counted = new Map<string, Counted>()
  for (const { conjuntoId } of units) {
    const known = counted.get(conjuntoId)
    if (known) known.units++
    else counted.set(conjuntoId, { units: 1, parcels: {}, cents: 0, compensated: 0, pending: 0 })
  }
  for (const { unit, parcels, compensation, pending } of unitMonths) {
    const conjunto = counted.get(unit.conjuntoId)!
    conjunto.parcels = sumOfParcels([conjunto.parcels, parcels])
    if (pending !== null) conjunto.pending++
    if (compensation === null || compensation.amountBrl === 0) continue
    conjunto.cents += Math.round(compensation.amountBrl * 100)
    conjunto.compensated++
  }
  return [...counted.keys()].sort().map((conjuntoId) => {
    const { units: ofFile, parcels, cents, compensated, pending } = counted.get(conjuntoId)!
    const limit = conjuntos.get(conjuntoId) ?? null
    const nuc = limit?.units ?? ofFile
    const collective = comparableHundredths(
      { conjuntoId, month, units: nuc, parcels },
      choices['continuity-dec-fec-rounding'],
    )!
    return { conjuntoId, units: nuc, parcels, collective, limit, amountBrl: cents / 100, compensated, pending }
  })
}

interface Counted {
  units: number
  parcels: ParcelShares
  cents: number
  compensated: number
  pending: number
}

/** What outages of a unit are counted by: the same for all of a conjunto, but for high voltage. */
function countingRules({
  month,
  zoneOf,
  until,
  choices,
  interruptions: { criticalDays },
}: MonthFiles): (unit: FileUnit) => CountingRules {
  const known = new Map<string, CountingRules>()
  return ({ conjuntoId, voltageClass }) => {
    const events = hasEvents(voltageClass, month)
    const key = `${events} ${conjuntoId}`
    const rules = known.get(key) ?? rulesIn(civilDaysIn(zoneOf(conjuntoId)), conjuntoId, events)
    known.set(key, rules)
    return rules
  }

  function rulesIn(days: CivilDays, conjuntoId: string, events: boolean): CountingRules {
    const span = monthSpan(month, days)
    const critical = [...(criticalDays.get(conjuntoId) ?? [])].sort()
    return {
      ...{ month: span, hasEvents: events, choices, now: until ?? span.until },
      criticalDays: critical.flatMap((day) => daySpan(day, days) ?? []),
    }
  }
}

function unitLimits({ month, conjuntos, rows }: MonthFiles): (unit: FileUnit) => ReturnType<typeof individualLimitsOf> {
  const known = new Map<string, ReturnType<typeof individualLimitsOf>>()
  return ({ voltageClass, area, conjuntoId, own }) => {
    const facts = { month, voltageClass, area, conjuntoId, conjuntoLimit: conjuntos.get(conjuntoId) ?? null, own }
    if (own) return individualLimitsOf(facts, rows)
    const key = `${voltageClass} ${area} ${conjuntoId}`
    const limits = known.get(key) ?? individualLimitsOf(facts, rows)
    known.set(key, limits)
    return limits
  }
}
