import { DatabaseError } from 'pg'
import { pause } from '../clock/pause.ts'
import { DatabaseUnavailable, isRefusal } from './database.ts'

export interface IntakeOptions<Item, Stored> {
  /** What is taken, in the plural, and what keeps it: for people. */
  readonly words: { readonly items: string; readonly kept: string }
  /** Items that may wait to be stored. */
  readonly mostWaiting: number
  /** Items of one transaction; what is handed over together may be more. */
  readonly mostAtOnce: number
  /** Stores items in one transaction. @returns one for each, in their order */
  store(items: readonly Item[]): Promise<readonly Stored[]>
  /** Resolves once there is a database. */
  ready(signal: AbortSignal): Promise<void>
  /** What a failed transaction is worth: tried again as it is, taken apart, or given up. */
  judge(error: unknown): 'again' | 'refused' | 'failed'
}

/** Items that are not taken for now: whoever has them hands them over again. */
export class IntakeRefused extends Error {
  override readonly name = 'IntakeRefused'
}

/** What was handed over together. */
interface Waiting<Item, Stored> {
  readonly items: readonly Item[]
  resolve(stored: readonly Stored[]): void
  reject(error: unknown): void
}

const retryMs = 100
/** What waits when nobody is to take any more gets so long to be stored. */
const closingMs = 3_000

/**
 * Takes items one transaction after the other: what comes meanwhile waits, in its order, and goes into the next one together.
 * What waits is bounded, and outlasts a database that is away.
 */
export class Intake<Item, Stored> {
  readonly #options: IntakeOptions<Item, Stored>
  readonly #waiting: Waiting<Item, Stored>[] = []
  readonly #closing = new AbortController()
  #items = 0
  #isClosed = false
  #running: Promise<void> | undefined

  constructor(options: IntakeOptions<Item, Stored>) {
    this.#options = options
  }

  /** Items that are not stored yet. */
  get waiting(): number {
    return this.#items
  }

  /** Resolves once they are stored. @throws IntakeRefused  where too many wait, or nobody takes any more */
  async take(items: readonly Item[]): Promise<readonly Stored[]> {
    if (items.length === 0) return []
    const { mostWaiting, words } = this.#options
    if (this.#isClosed)
      throw new IntakeRefused(`${words.kept} are kept no more: say the ${words.items} again after the restart`)
    if (this.#items + items.length > mostWaiting)
      throw new IntakeRefused(
        `${this.#items} ${words.items} wait to be stored, with ${items.length} more there would be over ${mostWaiting}: ` +
          'say them again later',
      )
    this.#items += items.length
    const { promise, resolve, reject } = Promise.withResolvers<readonly Stored[]>()
    this.#waiting.push({ items, resolve, reject })
    this.#running ??= this.#run()
    return promise
  }

  /** What waits is stored if that goes quickly, or else refused. */
  async close(): Promise<void> {
    this.#isClosed = true
    const patience = setTimeout(() => this.#closing.abort(), closingMs)
    await this.#running
    clearTimeout(patience)
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#next()
      await this.#store(batch)
      this.#items -= countOf(batch)
    }
    // In one step with having found nothing: who comes next starts it again.
    this.#running = undefined
  }

  /** As many as go into one transaction, at least what one handed over together. */
  #next(): Waiting<Item, Stored>[] {
    let most = 0
    let items = 0
    for (const { items: more } of this.#waiting) {
      if (most > 0 && items + more.length > this.#options.mostAtOnce) break
      items += more.length
      most++
    }
    return this.#waiting.splice(0, most)
  }

  /** Never rejects: each hears for itself. */
  async #store(batch: readonly Waiting<Item, Stored>[]): Promise<void> {
    const { store, ready, judge, words } = this.#options
    const { signal } = this.#closing
    for (;;) {
      try {
        signal.throwIfAborted()
        await ready(signal)
        const stored = await store(batch.flatMap(({ items }) => items))
        let first = 0
        for (const { items, resolve } of batch) resolve(stored.slice(first, (first += items.length)))
        return
      } catch (error) {
        const verdict = signal.aborted ? 'failed' : judge(error)
        if (verdict === 'refused' && batch.length > 1) {
          for (const one of batch) await this.#store([one])
          return
        }
        if (verdict !== 'again') {
          const said = signal.aborted
            ? new IntakeRefused(`${words.kept} are kept no more: the ${words.items} were not stored`)
            : error
          for (const { reject } of batch) reject(said)
          return
        }
        await pause(retryMs, signal)
      }
    }
  }
}

/** What a failed transaction is worth, as a rule: one that lost against another one is made again. */
export function judgeTransaction(error: unknown): 'again' | 'refused' | 'failed' {
  if (error instanceof DatabaseUnavailable) return 'again'
  if (error instanceof DatabaseError && /^40/.test(error.code ?? '')) return 'again'
  return isRefusal(error) ? 'refused' : 'failed'
}

const countOf = (batch: readonly Waiting<unknown, never>[]): number =>
  batch.reduce((sum, { items }) => sum + items.length, 0)
