import type { ScenarioFigures, SolveTime, Target } from './allocation-figures.ts'

/** Solver time within which so many devices must be shared among, ms: half of all problems or more. */
const solveTargets: readonly { mode: string; devices: number; ms: number }[] = [
  { mode: 'heuristic', devices: 1_000, ms: 10 },
  { mode: 'heuristic', devices: 10_000, ms: 50 },
  { mode: 'optimizer', devices: 1_000, ms: 200 },
  { mode: 'optimizer', devices: 10_000, ms: 1_000 },
]

/** What the methods are held to, with what came of it; where it was not measured, nothing is said. */
export function targetsOf(scenarios: readonly ScenarioFigures[], solveTimes: readonly SolveTime[]): Target[] {
  return [...scenarios.flatMap(ofScenario), ...solveTargets.flatMap((target) => ofSolveTimes(target, solveTimes))]
}

function ofScenario({ scenario, isNested, measures }: ScenarioFigures): Target[] {
  const ofOptimum = (method: string): number | undefined =>
    measures.find((measure) => measure.method === method)?.ofOptimum
  const [optimizer, mpc] = [ofOptimum('optimizer'), ofOptimum('mpc')]
  const [heuristic, leastLaxity] = [ofOptimum('heuristic'), ofOptimum('least laxity')]
  const violations = measures.reduce((sum, measure) => sum + measure.violations, 0)
  return [
    optimizer !== undefined && atLeast(`${scenario}: optimizer of the offline optimum`, optimizer, 0.98),
    mpc !== undefined && atLeast(`${scenario}: mpc of the offline optimum`, mpc, 0.99),
    isNested &&
      heuristic !== undefined &&
      leastLaxity !== undefined && {
        what: `${scenario}: heuristic above least laxity`,
        measured: percent(heuristic),
        target: `> ${percent(leastLaxity)}`,
        isReached: heuristic > leastLaxity,
      },
    {
      what: `${scenario}: violations of all methods, after rounding`,
      measured: String(violations),
      target: '0',
      isReached: violations === 0,
    },
  ].filter((target): target is Target => target !== false)
}

const atLeast = (what: string, measured: number, target: number): Target => ({
  what,
  measured: percent(measured),
  target: `≥ ${percent(target)}`,
  isReached: measured >= target,
})

function ofSolveTimes(target: (typeof solveTargets)[number], solveTimes: readonly SolveTime[]): Target[] {
  const time = solveTimes.find(({ mode, devices }) => mode === target.mode && devices === target.devices)
  if (!time) return []
  // An answer that another method had to give is no time of this one.
  const isItsOwn = Object.keys(time.fallbacks).length === 0
  return [
    {
      what: `${target.devices.toLocaleString('en-US')} devices, ${target.mode}, p50`,
      measured: `${time.p50Ms.toFixed(1)} ms${isItsOwn ? '' : ', by another method'}`,
      target: `< ${target.ms} ms`,
      isReached: isItsOwn && time.p50Ms < target.ms,
    },
  ]
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
