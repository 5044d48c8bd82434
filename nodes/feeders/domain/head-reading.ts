import { phases, type Phase } from './allocation/problem.ts'
import type { HeadReading } from './base-load.ts'
import { eachLine, type ByLine } from './by-line.ts'
import type { HeadCircuit } from './limits-in-force.ts'

/** What a meter says, by the names of the field contract; absent: it does not measure that. */
export type MeterMeasures = Readonly<Record<string, unknown>>

const number = (measures: MeterMeasures, name: string): number | null => {
  const value = measures[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
const small = { A: 'a', B: 'b', C: 'c' } as const
const voltageOf = (measures: MeterMeasures, phase: Phase): number | null => number(measures, `v${small[phase]}_v`)
const currentOf = (measures: MeterMeasures, phase: Phase): number | null => number(measures, `i${small[phase]}_a`)

/**
 * A meter tells its power as a whole: each phase has the share of it that it has of voltage times current, and a third where nothing
 * is said of them.
 */
function shareByPhase(measures: MeterMeasures): Readonly<Record<Phase, number>> {
  const apparent = Object.fromEntries(
    phases.map((phase) => [phase, (voltageOf(measures, phase) ?? 0) * (currentOf(measures, phase) ?? 0)]),
  ) as Record<Phase, number>
  const sum = phases.reduce((total, phase) => total + apparent[phase], 0)
  return Object.fromEntries(phases.map((phase) => [phase, sum > 0 ? apparent[phase] / sum : 1 / 3])) as Record<
    Phase,
    number
  >
}

const byPhases = (whole: number, shares: Readonly<Record<Phase, number>>): ByLine =>
  eachLine((line) => (line === 'total' ? whole : whole * shares[line]))

/**
 * The newest reading of a meter at a feeder's head.
 * @param reading  `powerKw` null: it is not fit for use, or says nothing of power
 */
export function headReading(reading: {
  readonly at: number
  readonly powerKw: number | null
  readonly measures: MeterMeasures
}): { readonly reading: HeadReading; readonly circuit: Omit<HeadCircuit, 'isLost'> } {
  const { at, powerKw, measures } = reading
  const shares = shareByPhase(measures)
  const reactiveKvar = number(measures, 'q_kvar')
  const reactive = reactiveKvar === null ? undefined : byPhases(reactiveKvar, shares)
  return {
    reading: {
      // What says nothing is as if it had not been heard.
      at: powerKw === null ? -Infinity : at,
      intervalMs: 1_000 * (number(measures, 'interval_s') ?? 0),
      isMean: measures['aggregation'] === 'mean',
      powerKw: byPhases(powerKw ?? 0, shares),
    },
    circuit: {
      voltageV: { A: voltageOf(measures, 'A'), B: voltageOf(measures, 'B'), C: voltageOf(measures, 'C') },
      reactiveKvar: {
        total: reactive?.total ?? null,
        ...{ A: reactive?.A ?? null, B: reactive?.B ?? null, C: reactive?.C ?? null },
      },
    },
  }
}
