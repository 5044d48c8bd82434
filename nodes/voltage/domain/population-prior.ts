import type { ForecastPrior } from './forecast-prior.ts'

/** What is known of a unit of which nothing is: learnt by `npm run quality -- backtest --learn`. */
export const populationPrior: ForecastPrior = {
  source: 'wip',
  outside: {
    level: 29.881,
    shape: 7.426,
    shapeHours: 3.115,
    day: 10.043,
    dayMemory: 14.057,
    slot: 5.207,
    slotHours: 3.757,
    before: 3.32,
    weekend: -1.35,
    mean: [-13.33, -13.26, -12.32, -8.97, -8.94, -7.18, -6.67, -6.91, -6.3, -3.31, -3.51, -8.29],
  },
  critical: {
    mean: [-4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4],
    weekend: 0,
    level: 4,
    shape: 1,
    shapeHours: 4,
    day: 0.5,
    dayMemory: 2,
    slot: 1,
    slotHours: 3,
    before: 1,
  },
  severity: 0.6,
  phases: 0.5,
}
