/** How failed logins of one kind slow down the next one. */
export interface DelayRule {
  /** So many failures cost nothing: people mistype. */
  readonly free: number
  /** What the first one after them costs, ms; each further one twice as much. */
  readonly firstMs: number
  /** Never more than this, ms: nobody is locked out for ever. */
  readonly mostMs: number
  /** After so long without another one, ms, failures are forgotten. */
  readonly forgetMs: number
}

/** Failed logins of one kind so far. */
export interface Failures {
  readonly count: number
  /** UTC ms. */
  readonly lastAt: number
}

const minute = 60_000

/**
 * Three things count, each by itself. The pair of user and address slows down whoever guesses at one user from one place. The
 * user, whoever guesses from many places; addresses that this user has come from before are let off, so that strangers
 * cannot keep somebody out. The address, whoever tries one password with many users.
 */
export const delayRules = {
  pair: { free: 3, firstMs: 1_000, mostMs: 15 * minute, forgetMs: 60 * minute },
  user: { free: 10, firstMs: 1_000, mostMs: minute, forgetMs: 60 * minute },
  address: { free: 30, firstMs: 1_000, mostMs: minute, forgetMs: 15 * minute },
} as const satisfies Readonly<Record<string, DelayRule>>

export type DelayKind = keyof typeof delayRules

/** Failures that still count. @param now UTC ms */
export const countingFailures = (rule: DelayRule, failures: Failures | undefined, now: number): number =>
  failures === undefined || now - failures.lastAt > rule.forgetMs ? 0 : failures.count

/** What this many failures cost, ms. */
export function delayAfter(rule: DelayRule, count: number): number {
  if (count <= rule.free) return 0
  return Math.min(rule.mostMs, rule.firstMs * 2 ** Math.min(count - rule.free - 1, 40))
}

/**
 * How long the next attempt has to wait, ms; 0: not at all. A clock that was set back makes nobody wait longer than the delay itself.
 * @param now UTC ms
 */
export function waitMs(rule: DelayRule, failures: Failures | undefined, now: number): number {
  const delay = delayAfter(rule, countingFailures(rule, failures, now))
  const since = Math.max(0, now - (failures?.lastAt ?? 0))
  return Math.max(0, delay - since)
}
