import type { VoltageBand } from './bands.ts'
import type { PerPhase } from './sample.ts'
import type { VoltageWindow } from './windows.ts'

/** Windows of a time, by what became of them. */
export interface WindowCounts {
  readonly windows: number
  readonly valid: number
  /** Valid ones, by the worst band of their phases. */
  readonly adequate: number
  readonly precarious: number
  readonly critical: number
  /** Invalid ones, by reason. */
  readonly interruption: number
  readonly vtcd: number
  readonly coverage: number
}

/** Counts windows: each once, as valid in the worst band of its phases or as invalid by its reason. */
export function countWindows(windows: readonly Pick<VoltageWindow, 'bands' | 'invalid'>[]): WindowCounts {
  const counts = { adequate: 0, precarious: 0, critical: 0, interruption: 0, vtcd: 0, coverage: 0 }
  for (const { bands, invalid } of windows) counts[invalid?.reason ?? worstOf(bands)]++
  const { adequate, precarious, critical } = counts
  return { windows: windows.length, valid: adequate + precarious + critical, ...counts }
}

const worstOf = (bands: PerPhase<VoltageBand>): VoltageBand =>
  bands.includes('critical') ? 'critical' : bands.includes('precarious') ? 'precarious' : 'adequate'
