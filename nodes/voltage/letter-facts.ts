import { shiftDay, type CivilDays } from '../../platform/clock/civil-day.ts'
import type { DistributionAgent } from '../../platform/regulation/agent.ts'
import type { RegulationChoices } from '../../platform/regulation/options.ts'
import { bandLimitsOf } from './domain/bands.ts'
import { voltageClassOf } from '../../platform/regulation/voltage-class.ts'
import type { CompletedMeasurement, LetterDuties, LetterFacts, PhaseCounts } from './domain/letter.ts'
import { deadlinesOf } from './domain/regularisation.ts'
import { transgressionOn } from './domain/transgression.ts'
import { phases } from './domain/sample.ts'
import type { Measurement, MeasurementResult } from './measurement-repository.ts'
import type { LetterGround } from './paper-repository.ts'

export interface LetterSources {
  readonly measurement: Measurement
  readonly result: MeasurementResult
  readonly ground: LetterGround
  readonly choices: RegulationChoices
  readonly agent: DistributionAgent
  readonly holder: LetterFacts['holder']
  /** Civil day, `YYYY-MM-DD`. */
  readonly writtenOn: string
  readonly days: CivilDays
  readonly timeZone: string
}

/** What the letter is written from, of what the tables hold. Rules are those of the day on which the measurement ended. */
export function letterFactsOf(sources: LetterSources): LetterFacts {
  const { measurement, result, ground, choices, agent, holder, writtenOn, days, timeZone } = sources
  const endDay = days.dayOf(result.endedAt)
  return {
    measurement: completed(measurement, result, ground, endDay),
    rule: transgressionOn(endDay),
    duties: dutiesOf(sources, endDay),
    percentages: choices['voltage-percentages'],
    agent: { name: agent.name, cnpj: agent.cnpj, contact: agent.contact },
    ...{ holder, writtenOn, timeZone },
  }
}

function completed(
  {
    measurementId,
    unitId,
    kind,
    protocol,
    instrumentClass,
    serial,
    calibratedOn,
    referenceV,
    phases: of,
    startsAt,
  }: Measurement,
  result: MeasurementResult,
  { measuredBetween, compensation }: LetterGround,
  endDay: string,
): CompletedMeasurement {
  const { endedAt, valid, invalid, drpPct, drcPct } = result
  return {
    ...{ id: String(measurementId), unitId, kind, protocol, referenceV, measuredBetween },
    instrument: { class: instrumentClass, serial, calibratedOn },
    voltageClass: voltageClassOf(referenceV),
    bandLimits: bandLimitsOf(referenceV, endDay),
    ...{ start: startsAt, end: endedAt, valid, invalid },
    phases: phaseCounts(of, result),
    ...{ drpPct, drcPct, compensation },
  }
}

/** @param of  phases of the unit, as `ABC` */
const phaseCounts = (of: string, { valid, precarious, critical }: MeasurementResult): PhaseCounts[] =>
  phases.flatMap((phase, index) => {
    if (!of.includes(phase)) return []
    const [low, worst] = [precarious[index] ?? 0, critical[index] ?? 0]
    return [{ phase, adequate: valid - low - worst, precarious: low, critical: worst }]
  })

function dutiesOf({ result, ground, choices, days }: LetterSources, endDay: string): LetterDuties {
  // The case goes by what was chosen when it was opened; there is none for a moment after the measurement ended.
  const chosen = deadlinesOf(result, choices, { ...days, shift: shiftDay })
  const regularise = (
    [
      ['DRP', result.drpViolated, ground.drpDueOn ?? chosen.drp, 'voltage-regularisation-days-drp'],
      ['DRC', result.drcViolated, ground.drcDueOn ?? chosen.drc, 'voltage-regularisation-days-drc'],
    ] as const
  ).flatMap(([indicator, violated, until, option]) =>
    violated && until !== null
      ? [{ indicator, days: daysBetween(endDay, until), until, source: `option ${option}` }]
      : [],
  )
  return {
    regularise,
    creditMonths: { months: choices['voltage-credit-months'], source: 'option voltage-credit-months' },
    noticeDays: { days: choices['voltage-notice-days'], source: 'option voltage-notice-days' },
  }
}

const daysBetween = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000
