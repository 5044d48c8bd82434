import type { ForecastPrior } from './forecast-prior.ts'

/** What is known of a unit of which nothing is: `npm run -s quality -- backtest --learn 120` climbs on from here, and finds little. */
export const populationPrior: ForecastPrior = {
  source: '120 simulated units, seeds from 100000 on',
  outside: {
    mean: [-17.773, -17.891, -17.182, -13.357, -13.629, -11.836, -11.269, -11.631, -10.835, -7.347, -7.471, -12.78],
    weekend: -0.75,
    level: 34.717,
    shape: 15.722,
    shapeHours: 4.204,
    day: 3.514,
    dayMemory: 8.963,
    slot: 4.831,
    slotHours: 3.757,
    before: 27.113,
  },
  critical: {
    mean: [-14.25, -14.25, -14.25, -14.25, -14.25, -14.25, -14.25, -14.25, -14.25, -14.25, -14.25, -14.25],
    weekend: -1.6,
    level: 0.052,
    shape: 9.488,
    shapeHours: 2.551,
    day: 0.061,
    dayMemory: 2.699,
    slot: 3.32,
    slotHours: 5.466,
    before: 12.807,
  },
  severity: 0.65,
  phases: 0.5,
}
