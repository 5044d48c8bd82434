import { Database } from '../../../platform/storage/database.ts'
import { RunningAnomalies } from '../anomalies/running-anomalies.ts'
import { RunningPerformance } from '../performance/running-performance.ts'
import type { KeepersTask } from './keeper-process.fixture.ts'
import { dayMs, timeZone } from './seeded-plant.fixture.ts'

/** Both readers of slots in a process of its own, until it is killed. */
process.once('message', ({ login, now }: KeepersTask) => {
  const database = new Database(login)
  const usual = {
    ...{ clock: { now: () => now }, clockIsSet: () => true, timeZone, keepMs: 400 * dayMs, progress: () => undefined },
    report: (error: unknown) => process.stderr.write(`${String(error)}\n`),
  }
  // Nobody waits for them: the process is killed.
  void new RunningPerformance(database, { ...usual, found: () => process.send?.('step') })
  void new RunningAnomalies(database, {
    ...usual,
    scores: () => Promise.resolve(null),
    changed: () => process.send?.('step'),
    conditions: () => undefined,
  })
})
