import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { AllocationOptions } from '../options.ts'
import type { AllocationFigures, ScenarioFigures } from './allocation-figures.ts'
import { baselines } from './baselines.ts'
import { charge } from './charging.ts'
import { feedersOf, readFeeders } from './feeder-tree.ts'
import { jainsIndex, measure, type Measures } from './measures.ts'
import type { Method } from './method.ts'
import { offlineOptimum } from './offline-optimum.ts'
import { startProductMethods } from './product-methods.ts'
import { nested, nestedThreePhase, oneCap, type Scenario } from './scenarios.ts'
import { readSessions } from './sessions.ts'
import { measureSolveTimes } from './solve-times.ts'
import { timeLineOf } from './stays.ts'
import { targetsOf } from './targets.ts'

const stepKw = 0.01
/** Volts of a phase by which least amperes become kW. */
const phaseVolts = 230
/** Without a tree, what a file's sessions share, kW. */
const capKw = 20
const sizes = [1_000, 10_000]

/**
 * Lets cars share what feeders let through, by each method, on what the options say.
 * @throws BadFile for a file that cannot be taken
 */
export async function measureAllocation(
  options: AllocationOptions,
  progress: (line: string) => void,
): Promise<AllocationFigures> {
  const { days, seed, intervalMinutes, leastAmperes } = options
  const given = scenariosOf(options)
  const product = startProductMethods()
  try {
    const scenarios: ScenarioFigures[] = []
    for (const scenario of given)
      scenarios.push(
        await scenarioFigures(scenario, [...baselines, ...product.methods], {
          ...{ intervalMs: intervalMinutes * 60_000, leastKwPerPhase: (leastAmperes * phaseVolts) / 1_000, progress },
        }),
      )
    const solveTimes = await measureSolveTimes(product, sizes, options, progress)
    const targets = targetsOf(scenarios, solveTimes)
    return { days, seed, intervalMinutes, leastAmperes, scenarios, solveTimes, targets }
  } finally {
    await product.end()
  }
}

function scenariosOf({ days, seed, sessions, feeders }: AllocationOptions): Scenario[] {
  if (sessions === undefined) return [oneCap(days, seed), nested(days, seed), nestedThreePhase(days, seed)]
  const tree =
    feeders === undefined
      ? feedersOf([{ feederId: 'all', limitKw: capKw }])
      : readFeeders(basename(feeders), readFileSync(feeders, 'utf8'))
  const name = basename(sessions)
  return [
    {
      name: feeders === undefined ? `${name}, one cap of ${capKw} kW` : `${name} on ${basename(feeders)}`,
      feeders: tree,
      sessions: readSessions(name, readFileSync(sessions, 'utf8'), tree),
      isNested: tree.length > 1,
    },
  ]
}

/** All methods and the offline optimum on one scenario. */
export async function scenarioFigures(
  { name, feeders, sessions, isNested }: Scenario,
  methods: readonly Method[],
  of: {
    readonly intervalMs: number
    readonly leastKwPerPhase: number
    readonly progress: (line: string) => void
  },
): Promise<ScenarioFigures> {
  const line = timeLineOf(sessions, of.intervalMs)
  const optimum = await offlineOptimum(feeders, line)
  const optimumKwh = [...optimum.values()].reduce((sum, kwh) => sum + kwh, 0)
  const measures: Measures[] = []
  for (const method of methods) {
    const run = await charge({ feeders, line, stepKw, leastKwPerPhase: of.leastKwPerPhase }, method)
    measures.push(measure(method.name, run, sessions, optimumKwh))
    of.progress(`${name}: ${method.name} ${(measures.at(-1)!.ofOptimum * 100).toFixed(2)} % of the optimum`)
  }
  return {
    ...{ scenario: name, isNested, feeders: feeders.length, sessions: sessions.length, intervals: line.intervals },
    requestedKwh: sessions.reduce((sum, { energyKwh }) => sum + energyKwh, 0),
    optimumKwh,
    optimumJain: jainsIndex(sessions.map(({ id, energyKwh }) => (optimum.get(id) ?? 0) / energyKwh)),
    measures,
  }
}
