import { civilDaysIn, type CivilDays } from '../../../platform/clock/civil-day.ts'
import type { RegulationChoices } from '../../../platform/regulation/options.ts'
import { dueOf, type Due } from '../domain/due.ts'
import { hasEvents } from '../domain/event-rules.ts'
import { individualLimitsOf, type EnteredRow, type IndividualLimits } from '../domain/individual-limits.ts'
import { unitMonthOf, type UnitMonth } from '../domain/individual.ts'
import type { UnitOutage } from '../domain/interruption.ts'
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

/** A unit in a month. */
export interface JudgedMonth extends UnitMonth, Due {
  readonly unit: FileUnit
  readonly limits: IndividualLimits | null
}

/** Judges units in a month of the year. */
export function judgeIn(
  files: MonthFiles,
  month: string,
): (unit: FileUnit, pieces: readonly UnitOutage[]) => JudgedMonth {
  const { choices, interruptions } = files
  const rulesOf = countingRules(files, month)
  const limitsOf = unitLimits(files, month)
  return (unit, pieces) => {
    const rules = rulesOf(unit)
    const unitMonth = unitMonthOf(unit.unitId, outageParts(unit.unitId, pieces, interruptions.facts, rules), rules)
    const limits = limitsOf(unit)
    const missing = 'missing' in limits
    const basis = { ...unit, limits: missing ? null : limits, pending: missing ? limits.missing : noBase }
    return { unit, limits: basis.limits, ...unitMonth, ...dueOf(basis, month, unitMonth, choices) }
  }
}

export const noBase = 'the monetary base (vrc_brl) is not given'

/** What outages of a unit are counted by: the same for all of a conjunto, but for high voltage. */
function countingRules(
  { zoneOf, until, choices, interruptions: { criticalDays } }: MonthFiles,
  month: string,
): (unit: FileUnit) => CountingRules {
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

function unitLimits(
  { conjuntos, rows }: MonthFiles,
  month: string,
): (unit: FileUnit) => ReturnType<typeof individualLimitsOf> {
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
