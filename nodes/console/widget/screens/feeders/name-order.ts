/**
 * Names in the order of a language, as numbers: comparing names by the rules of a language is slow, and thousands of devices
 * are sorted every second.
 */
export class NameOrder {
  readonly #compare: (one: string, other: string) => number
  #ranks: ReadonlyMap<string, number> = new Map()

  constructor(compare: (one: string, other: string) => number) {
    this.#compare = compare
  }

  knows(name: string): boolean {
    return this.#ranks.has(name)
  }

  /** Takes up names; without effect where all are known. */
  learn(names: Iterable<string>): void {
    const unknown = new Set<string>()
    for (const name of names) if (!this.#ranks.has(name)) unknown.add(name)
    if (unknown.size === 0) return
    const all = [...this.#ranks.keys(), ...unknown].toSorted(this.#compare)
    this.#ranks = new Map(all.map((name, rank) => [name, rank]))
  }

  /** Order of two names that were learnt. */
  readonly compare = (one: string, other: string): number => this.#ranks.get(one)! - this.#ranks.get(other)!
}
