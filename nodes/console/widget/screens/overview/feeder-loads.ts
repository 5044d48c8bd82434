import type { LiveFeeder } from '../../../../../platform/wire/live.ts'

/** Power that a feeder carries, and how much of its limit that is. */
export interface FeederLoad {
  readonly feederId: string
  /** kW, consumption positive. */
  readonly totalKw: number
  readonly limitKw: number | null
  /** Of the limit, from 0; null where there is none. What flows back towards the source uses nothing of it. */
  readonly share: number | null
}

/** From this share of its limit on a feeder is near it. */
export const nearShare = 0.9

/** Feeders, those first that use most of their limit, then those without one by what they carry. */
export function feederLoads(feeders: Iterable<LiveFeeder>): FeederLoad[] {
  const loads = [...feeders].map(({ feederId, totalKw, limitKw }) => ({
    ...{ feederId, totalKw, limitKw },
    share: limitKw === null ? null : shareOf(totalKw, limitKw),
  }))
  return loads.toSorted(
    (one, other) =>
      (other.share ?? -1) - (one.share ?? -1) ||
      Math.abs(other.totalKw) - Math.abs(one.totalKw) ||
      one.feederId.localeCompare(other.feederId),
  )
}

/** A limit of nothing is used up by anything. */
const shareOf = (totalKw: number, limitKw: number): number =>
  totalKw <= 0 ? 0 : limitKw > 0 ? totalKw / limitKw : Infinity

/** How many are beyond their limit, and how many are near it. */
export const loadCounts = (loads: readonly FeederLoad[]): { readonly beyond: number; readonly near: number } => ({
  beyond: loads.filter(({ share }) => share !== null && share > 1).length,
  near: loads.filter(({ share }) => share !== null && share > nearShare && share <= 1).length,
})

/** A limit in force, as the API lists them. */
export interface LimitInForce {
  readonly line: string
  readonly direction: string
  readonly limitKw: number
  readonly source: string
}

/** Who set the limit that a feeder's load is held against: the least towards the loads, of all phases together. */
export const limitSource = (limits: readonly LimitInForce[]): string | undefined =>
  limits
    .filter(({ line, direction }) => line === 'total' && direction === 'import')
    .toSorted((one, other) => one.limitKw - other.limitKw)[0]?.source
