import type { LivePosition, Piece } from './live.ts'

/** What became of a message: taken, taken and the state is another one, or it does not follow what was there before. */
export type Taken = 'taken' | 'changed' | 'gap'

/** A client's copy of a topic: it follows the server's versions, and notices where it cannot. */
export class LiveState<Value> {
  #values = new Map<string, Value>()
  #position: LivePosition | undefined
  /** A snapshot that is not complete yet. */
  #staged: Map<string, Value> | undefined
  /** The piece that must come next, of the round that is under way. */
  #expected: { from: number; to: number; piece: number } | undefined

  /** Newest values by key. A snapshot takes their place as a whole: look it up anew after each change. */
  get values(): ReadonlyMap<string, Value> {
    return this.#values
  }

  /** Up to where everything is known; undefined before the first snapshot. */
  get position(): LivePosition | undefined {
    return this.#position
  }

  /** What was under way will not be continued; what is known stays. */
  interrupt(): void {
    this.#staged = undefined
    this.#expected = undefined
  }

  /** Only a snapshot will do; what is known stays to be seen until it is complete. */
  forgetPosition(): void {
    this.interrupt()
    this.#position = undefined
  }

  take(message: Piece): Taken {
    const { type, epoch, from, to, piece, last, set, removed } = message
    if (!this.#follows(message)) {
      this.forgetPosition()
      return 'gap'
    }
    this.#expected = { from, to, piece: piece + 1 }
    if (type === 'snapshot') this.#staged ??= new Map()
    const values = this.#staged ?? this.#values
    for (const [key, value] of Object.entries(set)) values.set(key, value as Value)
    for (const key of removed) values.delete(key)
    if (!last) return type === 'delta' ? 'changed' : 'taken'
    this.#values = values
    this.#position = { epoch, version: to }
    this.interrupt()
    return 'changed'
  }

  #follows({ type, epoch, from, to, piece }: Piece): boolean {
    if (this.#expected && piece > 0) {
      const { from: fromBefore, to: toBefore, piece: next } = this.#expected
      const isSameType = (type === 'snapshot') === (this.#staged !== undefined)
      return isSameType && from === fromBefore && to === toBefore && piece === next
    }
    // A round must be over before the next one begins.
    if (piece !== 0 || this.#expected || to < from) return false
    if (type === 'snapshot') return from === 0
    return this.#position !== undefined && this.#position.epoch === epoch && this.#position.version === from
  }
}
