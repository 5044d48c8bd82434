import type { Queries } from '../storage/queries.ts'
import type { Condition } from '../wire/condition.ts'
import { standingConditions } from './standing-conditions.ts'

export interface SaidOptions {
  readonly area: string
  /** What it says, and nobody else. */
  readonly kinds: readonly string[]
  /** How a condition that was said is taken back. */
  normalOf(said: Condition, at: number): Condition
  /** Whether what holds is worth saying again; unless given, where its message or priority is another. */
  isNews?(holding: Condition, said: Condition): boolean
}

/**
 * What one who says conditions has said: it is told what holds, and tells what is to be said. `recall` puts what stands as alarms in
 * place of what is remembered, so that nothing rests on memory: not what ended while nothing ran, nor what was lost on its way.
 */
export class SaidConditions {
  readonly #options: SaidOptions
  #said: ReadonlyMap<string, Condition> = new Map()

  constructor(options: SaidOptions) {
    this.#options = options
  }

  /** The conditions that were said last and hold as far as anybody was told, by key. */
  get said(): ReadonlyMap<string, Condition> {
    return this.#said
  }

  /** Looks what stands. Where nobody keeps alarms all stays as it is remembered. */
  async recall(queries: Queries): Promise<void> {
    const { area, kinds } = this.#options
    const standing = await standingConditions(queries, area, kinds)
    if (standing) this.#said = new Map(standing.map((condition) => [condition.key, condition]))
  }

  /**
   * What is to be said now: what ended first, then what began.
   * @param holding  all that holds of what was looked at
   * @param at       UTC milliseconds
   * @param judged   whether a condition was looked at; the others stay as they were said. All, unless given
   */
  changes(
    holding: readonly Condition[],
    at: number,
    judged: (condition: Condition) => boolean = () => true,
  ): readonly Condition[] {
    const { normalOf, isNews = isOther } = this.#options
    const now = new Map(holding.map((condition) => [condition.key, condition]))
    const next = new Map(this.#said)
    const ended: Condition[] = []
    for (const said of this.#said.values()) {
      if (now.has(said.key) || !judged(said)) continue
      next.delete(said.key)
      ended.push(normalOf(said, at))
    }
    const begun = [...now.values()].filter((condition) => {
      const said = this.#said.get(condition.key)
      return !said || isNews(condition, said)
    })
    for (const condition of begun) next.set(condition.key, condition)
    this.#said = next
    return [...ended, ...begun]
  }
}

const isOther = (holding: Condition, said: Condition): boolean =>
  holding.text.message !== said.text.message || holding.priority !== said.priority
