import { severities, type Evidence, type Severity } from './anomaly.ts'
import type { Verdict } from './verdict.ts'

/** How many slots a rule must hold before its anomaly begins, and be clear before it ends. Slots that say nothing do not count. */
export interface Delays {
  readonly on: number
  readonly off: number
}

/** What is remembered of one rule at one panel: how long it holds or is clear, and the anomaly that it said. JSON. */
export interface Watch {
  /** Slots in which it held, as they are weighed, less two for each that was clear between. */
  readonly held: number
  /** First slot that held, UTC milliseconds; `null`: none does. */
  readonly since: number | null
  /** Slots in a row that were clear while the anomaly lasts. */
  readonly cleared: number
  readonly said: Said | null
}

export interface Said {
  readonly severity: Severity
  readonly evidence: readonly Evidence[]
}

/** What happens to an anomaly in one slot. */
export interface Step {
  readonly watch: Watch
  readonly change: 'begun' | 'updated' | 'ended' | null
}

export const idle: Watch = { held: 0, since: null, cleared: 0, said: null }

/**
 * Takes one slot's verdict: an anomaly begins when its rule has held for `delays.on` slots, with a single clear one costing two,
 * is updated when it becomes graver, and ends after `delays.off` clear slots in a row.
 * @param at  beginning of the slot, UTC milliseconds
 */
export function stepWatch(watch: Watch, verdict: Verdict, at: number, delays: Delays): Step {
  if (verdict.says === 'unknown') return { watch, change: null }
  if (watch.said) return lasting(watch, watch.said, verdict, at, delays)
  if (verdict.says === 'clear') {
    if (watch.held === 0) return { watch, change: null }
    const held = Math.max(0, watch.held - 2)
    return { watch: held === 0 ? idle : { ...watch, held }, change: null }
  }
  const since = watch.since ?? at
  const held = watch.held + verdict.weight
  if (held < delays.on) return { watch: { ...watch, held, since }, change: null }
  const said = { severity: verdict.severity, evidence: verdict.findings.map((one) => ({ ...one, since })) }
  return { watch: { held, since, cleared: 0, said }, change: 'begun' }
}

function lasting(watch: Watch, said: Said, verdict: Verdict, at: number, { off }: Delays): Step {
  if (verdict.says !== 'holds') {
    const cleared = watch.cleared + 1
    return cleared >= off ? { watch: idle, change: 'ended' } : { watch: { ...watch, cleared }, change: null }
  }
  const isGraver = severities.indexOf(verdict.severity) > severities.indexOf(said.severity)
  if (!isGraver) return { watch: watch.cleared === 0 ? watch : { ...watch, cleared: 0 }, change: null }
  const evidence = verdict.findings.map((one) => ({ ...one, since: watch.since ?? at }))
  return { watch: { ...watch, cleared: 0, said: { severity: verdict.severity, evidence } }, change: 'updated' }
}
