import type { OverloadedFeeder } from './telemetry-conditions.ts'

export interface LimitedFeeder {
  readonly feederId: string
  readonly limitKw: number
  /** Null: nothing on it reports. Positive is consumption. */
  readonly loadKw: number | null
}

export interface OverloadSettings {
  /** It must fall so far below the limit before it is over, %. */
  readonly deadbandPct: number
  /** And be above, or below, for so long. */
  readonly holdMs: number
}

/** Since when each feeder has been on the other side, UTC milliseconds. */
export type Crossed = ReadonlyMap<string, number>

/**
 * Feeders that carry more than they may, whichever way. Where nothing reports, what was said stays.
 * @param said    feeders that are overloaded as far as anybody was told
 * @param before  as returned the last time
 * @param now     UTC milliseconds
 */
export function feederOverloads(
  feeders: readonly LimitedFeeder[],
  said: ReadonlySet<string>,
  before: Crossed,
  { deadbandPct, holdMs }: OverloadSettings,
  now: number,
): { readonly overloaded: readonly OverloadedFeeder[]; readonly crossed: Crossed } {
  const overloaded: OverloadedFeeder[] = []
  const crossed = new Map<string, number>()
  for (const { feederId, limitKw, loadKw } of feeders) {
    const was = said.has(feederId)
    const carried = Math.abs(loadKw ?? 0)
    const crosses = loadKw !== null && (was ? carried <= limitKw * (1 - deadbandPct / 100) : carried > limitKw)
    const since = crosses ? (before.get(feederId) ?? now) : now
    const changes = crosses && now - since >= holdMs
    if (crosses && !changes) crossed.set(feederId, since)
    if (was !== changes) overloaded.push({ feederId, limitKw, loadKw: loadKw ?? 0, sinceAt: since })
  }
  return { overloaded, crossed }
}
