import type { Queries } from '../../../platform/storage/queries.ts'
import { breaches } from '../domain/breach.ts'
import { headReading } from '../domain/head-reading.ts'
import type { FeederNow } from '../limits/feeder-state.ts'
import { rootFeeders } from '../limits/feeder-repository.ts'
import type { Gathered } from './gather.ts'
import { headsSince } from './head-repository.ts'
import type { RoundCause } from './result-repository.ts'

/** Says when the next round is due, and why: an interval is over, something changed or is about to, a limit is broken. */
export class RoundWatch {
  readonly #queries: Queries
  readonly #intervalMs: number
  #lastAt: number | undefined
  #nextChangeAt: number | null = null
  /** Changes that were heard of, and how many of them rounds have dealt with. */
  #changes = 0
  #seen = 0
  #dealtWith = 0
  #heads = new Map<string, FeederNow>()

  constructor(queries: Queries, intervalMs: number) {
    this.#queries = queries
    this.#intervalMs = intervalMs
  }

  /** Limits, events or programs were changed by somebody. */
  noteChange(): void {
    this.#changes++
  }

  roots(): Promise<string[]> {
    return rootFeeders(this.#queries)
  }

  /** Until the next round is due by time alone, ms of the platform's clock; 0: it is due. */
  dueIn(now: number): number {
    if (this.#lastAt === undefined || this.#changes > this.#dealtWith) return 0
    const next = Math.min(this.#lastAt + this.#intervalMs, this.#nextChangeAt ?? Infinity)
    return Math.max(0, next - now)
  }

  /**
   * Why a round is due; undefined: it is not.
   * @param now    by the platform's clock, UTC milliseconds
   * @param rests  only what is urgent counts: an interval that is over can wait
   */
  async cause(now: number, rests = false): Promise<RoundCause | undefined> {
    const last = this.#lastAt
    // A clock that went back begins anew.
    if (last === undefined || now < last) return 'start'
    if (this.#changes > this.#dealtWith || (this.#nextChangeAt !== null && now >= this.#nextChangeAt)) return 'change'
    if (now - last >= this.#intervalMs && !rests) return 'interval'
    return (await this.#isBreached(last)) ? 'breach' : undefined
  }

  /** A round begins. @returns how long ago the one before it began, ms; 0 where there was none */
  begin(at: number): number {
    const last = this.#lastAt
    this.#seen = this.#changes
    return last === undefined || at < last ? 0 : at - last
  }

  /** A round is over that began at an instant. */
  end(at: number, { trees, nextChangeAt }: Gathered): void {
    this.#lastAt = at
    this.#dealtWith = this.#seen
    this.#nextChangeAt = nextChangeAt
    const feeders = trees.flatMap(({ feeders: members }) => members)
    this.#heads = new Map(feeders.flatMap((feeder) => (feeder.head ? [[feeder.head.meterId, feeder]] : [])))
  }

  /** Whether a head was measured beyond a limit since the last round: what it had seen already it has dealt with. */
  async #isBreached(last: number): Promise<boolean> {
    if (this.#heads.size === 0) return false
    const rows = await headsSince(this.#queries, [...this.#heads.keys()], last)
    const headKw = new Map(
      rows.map((row) => [this.#heads.get(row.meterId)!.feederId, headReading(row).reading.powerKw] as const),
    )
    return breaches([...this.#heads.values()], headKw).length > 0
  }
}
