import { hostname } from 'node:os'
import { platformClock } from '../../../platform/clock/clock.ts'
import { provideControlLoop } from '../../../platform/http/health.ts'
import { environment, type Environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { withHorizon } from '../domain/outlook.ts'
import { pricesOf, solvingSettings } from '../solving/settings.ts'
import { openSolving } from '../solving/solver.ts'
import { ControlLoop, type ControlLoopOptions, type LoopSettings } from './control-loop.ts'

/** Setpoints are multiples of this, kW. */
const stepKw = 0.1

/** What the environment says of the control loop. */
const loopSettingsOf = (env: Environment): LoopSettings => ({
  intervalMs: env.CONTROL_INTERVAL_SECONDS * 1_000,
  silentAfterMs: env.SILENT_AFTER_SECONDS * 1_000,
  minSocReserve: env.CONTROL_MIN_SOC_RESERVE,
  targetSoc: env.CONTROL_TARGET_SOC,
  socWeight: env.CONTROL_SOC_WEIGHT,
  respectPriority: env.CONTROL_RESPECT_PRIORITY === 'on',
  defaultLimitKw: env.FEEDER_DEFAULT_LIMIT_KW ?? null,
  globalLimitKw: env.CONTROL_GLOBAL_KW_LIMIT ?? null,
  timeZone: env.TIME_ZONE,
  ...{ prices: pricesOf(env), referenceBrlPerKwh: pricesOf(env)?.importBrlPerKwh ?? 0, stepKw },
})

/** This process, among all that may hold leases. */
const thisProcess = `${hostname()} ${process.pid} ${crypto.randomUUID()}`

/**
 * Runs the control loop over a database as the environment says it, with solvers in a thread of their own.
 * @param name  of this loop in this process: one that is closed and opened again goes on with its leases
 */
export function runLoop(
  database: Database,
  name: string,
  told: Pick<ControlLoopOptions, 'setpoints' | 'allocated' | 'progress' | 'report'>,
): { close(): Promise<void> } {
  const env = environment()
  const settings = loopSettingsOf(env)
  const mode = env.CONTROL_ALLOCATION_MODE
  const [solverSettings, horizonMs] = [solvingSettings(env), env.CONTROL_OPTIMIZER_HORIZON_MINUTES * 60_000]
  const solving = openSolving()
  const loop = new ControlLoop(database, {
    ...told,
    clock: platformClock,
    clockIsSet: () => platformClock.isSet(env.CLOCK),
    rate: () => platformClock.simulated?.rate ?? 1,
    holder: `${thisProcess} ${name}`,
    settings,
    solve: ({ problem, observed }, signal) => {
      const asked = mode === 'mpc' ? withHorizon(problem, observed, horizonMs, settings) : problem
      return solving.solveAllocation(mode, asked, solverSettings, signal)
    },
  })
  const withdraw = provideControlLoop(() => loop.state())
  return {
    async close() {
      withdraw()
      await loop.close()
      await solving.close()
    },
  }
}
