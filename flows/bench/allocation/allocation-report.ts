import { digits, layOut } from '../table.ts'
import type { AllocationFigures, ScenarioFigures } from './allocation-figures.ts'

/** The figures of sharing for people, a section a scenario. */
export function allocationReport(figures: AllocationFigures): string[][] {
  const { scenarios, solveTimes, targets, intervalMinutes, leastAmperes } = figures
  return [
    ...scenarios.map(scenarioSection),
    scenarios.length > 0 ? notes(intervalMinutes, leastAmperes) : [],
    solveTimes.length > 0
      ? [
          'Time to share among so many devices, ms',
          ...layOut(
            ['', 'devices', 'solver least', 'p50', 'asked to answered', 'problems', 'fell back'],
            solveTimes.map((time) => [
              time.mode,
              ...[digits(time.devices), digits(time.leastMs, 1), digits(time.p50Ms, 1), digits(time.leastTotalMs, 1)],
              ...[digits(time.solves), digits(count(time.fallbacks))],
            ]),
          ),
        ]
      : [],
    targets.length > 0
      ? [
          'Targets',
          ...layOut(
            ['', 'measured', 'target', ''],
            targets.map(({ what, measured, target, isReached }) => [
              what,
              ...[measured, target, isReached ? 'reached' : 'NOT REACHED'],
            ]),
          ),
        ]
      : [],
  ].filter((section) => section.length > 0)
}

/** What must not be, whatever the machine is busy with: a limit that setpoints go beyond. */
export function faultsOf({ scenarios }: AllocationFigures): string[] {
  return scenarios.flatMap(({ scenario, measures }) =>
    measures
      .filter(({ violations }) => violations > 0)
      .map(({ method, violations }) => `allocation: ${method} goes beyond a limit ${violations} times on ${scenario}`),
  )
}

function scenarioSection({ measures, ...of }: ScenarioFigures): string[] {
  const rows = measures.map((measure) => [
    measure.method,
    ...[digits(measure.deliveredKwh), digits(measure.ofRequested * 100, 1), digits(measure.ofOptimum * 100, 2)],
    ...[digits(measure.jain, 3), digits(measure.violations), digits(measure.violationsBeforeRounding ?? undefined)],
    ...[digits(measure.switchesPerHour, 2), digits(measure.p50Ms, 2), digits(measure.p99Ms, 2)],
    digits(count(measure.fallbacks)),
  ])
  const optimum = [digits(of.optimumKwh), digits((of.optimumKwh / of.requestedKwh) * 100, 1), '100.00']
  return [
    `Sharing, ${of.scenario}: ${digits(of.sessions)} sessions, ${digits(of.requestedKwh)} kWh, ${digits(of.feeders)} feeders, ` +
      `${digits(of.intervals)} intervals`,
    ...layOut(
      [
        ...[
          '',
          'kWh',
          '% of asked',
          '% of optimum',
          'Jain',
          'violations',
          'unrounded',
          'switches/h',
          'p50 ms',
          'p99 ms',
        ],
        'fell back',
      ],
      [...rows, ['offline optimum', ...optimum, digits(of.optimumJain, 3)]],
    ),
    ...measures.flatMap(({ method, fallbacks }) =>
      Object.entries(fallbacks).map(([reason, times]) => `  ${method}, ${digits(times)} times another: ${reason}`),
    ),
  ]
}

const notes = (intervalMinutes: number, leastAmperes: number): string[] => [
  `intervals of ${intervalMinutes} minutes; a car takes ${leastAmperes} A or more on each of its phases, or nothing; nobody but the optimum knows who is yet to come`,
  'offline optimum: one linear program over all time, with every arrival known, and without least currents and steps',
  'Jain: of the shares of their request that sessions got; switches: of a car that is plugged in and not full; p50, p99: one interval',
]

const count = (fallbacks: Readonly<Record<string, number>>): number =>
  Object.values(fallbacks).reduce((sum, times) => sum + times, 0)
