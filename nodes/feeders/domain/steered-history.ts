import { largest, minus, nothing, plus, type ByLine } from './by-line.ts'

/** What devices that follow setpoints took together, when a round looked at them. */
export interface SteeredAt {
  /** UTC milliseconds. */
  readonly at: number
  readonly powerKw: ByLine
}

/** The rounds that are remembered: as long as a meter averages, by the minute. */
const mostRounds = 20
/** How long devices take to follow what a round told them. */
const settleMs = 10_000

/** With what this round sees. A clock that went back has no rounds after it. */
export const withRound = (history: readonly SteeredAt[], round: SteeredAt): readonly SteeredAt[] =>
  [...history.filter(({ at }) => at < round.at), round].slice(-mostRounds)

/**
 * What was steered at an instant, or on average in a window that ends with it: devices change just after a round, so what a round
 * sees held since the one before it.
 * @param history   rounds in order
 * @param windowMs  0: an instant
 * @param toleranceKw  a change that is no matter
 * @returns undefined where it was just changing, and by more than is tolerated
 */
export function steeredDuring(
  history: readonly SteeredAt[],
  until: number,
  windowMs: number,
  toleranceKw: number,
): ByLine | undefined {
  const last = history.at(-1)
  if (!last) return nothing
  const after = history.findIndex(({ at }) => at >= until)
  const index = after < 0 ? history.length - 1 : after
  const [before, round] = [history[index - 1], history[index]!]
  if (windowMs <= 0) {
    const isSettling = before !== undefined && until > before.at && until - before.at < settleMs
    return isSettling && largest(minus(round.powerKw, before.powerKw)) > toleranceKw ? undefined : round.powerKw
  }
  let sum = nothing
  let to = until
  for (let at = index; at >= 0 && to > until - windowMs; at--) {
    const from = Math.max(history[at - 1]?.at ?? -Infinity, until - windowMs)
    if (from >= to) continue
    sum = plus(sum, history[at]!.powerKw, (to - from) / windowMs)
    to = from
  }
  return sum
}
