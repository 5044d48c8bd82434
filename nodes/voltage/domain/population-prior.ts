import type { ForecastPrior } from './forecast-prior.ts'

/** What is known of a unit of which nothing is: found by `npm run -s quality -- backtest --learn 120`. */
export const populationPrior: ForecastPrior = {
  source: '120 simulated units, seeds from 100000 on',
  outside: {
    mean: [-18.2, -18.46, -17.55, -13.39, -13.74, -11.79, -11.17, -11.61, -10.6, -6.81, -6.94, -12.74],
    weekend: -0.75,
    level: 54.447,
    shape: 13.532,
    shapeHours: 4.204,
    day: 7.44,
    dayMemory: 14.057,
    slot: 5.207,
    slotHours: 4.05,
    before: 23.336,
  },
  critical: {
    mean: [-14, -14, -14, -14, -14, -14, -14, -14, -14, -14, -14, -14],
    weekend: -1.8,
    level: 0.052,
    shape: 8.166,
    shapeHours: 2.551,
    day: 0.274,
    dayMemory: 0.813,
    slot: 3.32,
    slotHours: 5.466,
    before: 11.023,
  },
  severity: 0.65,
  phases: 0.5,
}
