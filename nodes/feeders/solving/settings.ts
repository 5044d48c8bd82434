import type { Environment } from '../../../platform/runtime/environment.ts'
import type { Prices } from '../domain/allocation/problem.ts'
import type { SolvingSettings } from './solver.ts'

/** How solvers are run, by the environment. */
export function solvingSettings({
  CONTROL_OPTIMIZER_TIMEOUT_MS,
  CONTROL_OPTIMIZER_LARGE_FROM,
}: Pick<Environment, 'CONTROL_OPTIMIZER_TIMEOUT_MS' | 'CONTROL_OPTIMIZER_LARGE_FROM'>): SolvingSettings {
  return { timeoutMs: CONTROL_OPTIMIZER_TIMEOUT_MS, largeFrom: CONTROL_OPTIMIZER_LARGE_FROM }
}

/** What energy costs, by the environment; null: cost decides nothing. */
export function pricesOf({
  CONTROL_IMPORT_PRICE_BRL_KWH,
  CONTROL_EXPORT_PRICE_BRL_KWH,
}: Pick<Environment, 'CONTROL_IMPORT_PRICE_BRL_KWH' | 'CONTROL_EXPORT_PRICE_BRL_KWH'>): Prices | null {
  return CONTROL_IMPORT_PRICE_BRL_KWH === undefined
    ? null
    : { importBrlPerKwh: CONTROL_IMPORT_PRICE_BRL_KWH, exportBrlPerKwh: CONTROL_EXPORT_PRICE_BRL_KWH ?? 0 }
}
