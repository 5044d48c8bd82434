import { allPhases, noPhase, type Phases, phasesIn } from './phases.ts'

/** A section whose supply changed: phases with supply before and after. */
export interface SupplyChange {
  readonly section: number
  readonly before: Phases
  readonly after: Phases
}

/** Where supply comes from: the section in front of all sources. It always has supply. */
export const outside = 0

/**
 * Which sections have supply, kept up as links between them close and open: each turn looks at what it concerns only.
 * Sections and links go by number; all links are open at first. A source is a link to `outside`.
 */
export class Supply {
  readonly #ends: readonly (readonly [number, number])[]
  readonly #linksOf: readonly (readonly number[])[]
  readonly #closed: Uint8Array
  readonly #supplied: Uint8Array
  readonly #seenBy: Uint32Array
  #search = 0

  /**
   * @param sections  how many there are, `outside` among them
   * @param ends      the two sections that each link joins
   */
  constructor(sections: number, ends: readonly (readonly [number, number])[]) {
    const linksOf = Array.from({ length: sections }, (): number[] => [])
    for (const [link, [one, other]] of ends.entries()) {
      linksOf[one]!.push(link)
      linksOf[other]!.push(link)
    }
    this.#ends = ends
    this.#linksOf = linksOf
    this.#closed = new Uint8Array(ends.length)
    this.#supplied = new Uint8Array(sections)
    this.#supplied[outside] = allPhases
    this.#seenBy = new Uint32Array(sections)
  }

  /** Phases of a section that have supply. */
  phasesOf(section: number): Phases {
    return this.#supplied[section]!
  }

  /** Closes a link in these phases; the others stay as they are. @returns what changed by it */
  close(link: number, phases: Phases): SupplyChange[] {
    const gained = phases & ~this.#closed[link]!
    if (gained === noPhase) return []
    this.#closed[link]! |= gained
    const [one, other] = this.#ends[link]!
    const before = new Map<number, Phases>()
    this.#reach(other, this.#supplied[one]! & gained, before)
    this.#reach(one, this.#supplied[other]! & gained, before)
    return this.#changesFrom(before)
  }

  /** Opens a link in these phases; the others stay as they are. @returns what changed by it */
  open(link: number, phases: Phases): SupplyChange[] {
    const lost = phases & this.#closed[link]!
    this.#closed[link]! &= ~lost
    const before = new Map<number, Phases>()
    for (const phase of phasesIn(lost)) {
      for (const section of this.#ends[link]!) {
        if ((this.#supplied[section]! & phase) === noPhase) continue
        for (const dead of this.#cutOff(section, phase)) this.#set(dead, this.#supplied[dead]! & ~phase, before)
      }
    }
    return this.#changesFrom(before)
  }

  #changesFrom(before: ReadonlyMap<number, Phases>): SupplyChange[] {
    return [...before].map(([section, phases]) => ({ section, before: phases, after: this.#supplied[section]! }))
  }

  #set(section: number, phases: Phases, before: Map<number, Phases>): void {
    if (!before.has(section)) before.set(section, this.#supplied[section]!)
    this.#supplied[section] = phases
  }

  /** These phases come to a section, and on from there. */
  #reach(section: number, phases: Phases, before: Map<number, Phases>): void {
    const reached: { at: number; phases: Phases }[] = [{ at: section, phases }]
    for (let next = reached.pop(); next; next = reached.pop()) {
      const { at } = next
      const gained = next.phases & ~this.#supplied[at]!
      if (gained === noPhase) continue
      this.#set(at, this.#supplied[at]! | gained, before)
      for (const link of this.#linksOf[at]!) {
        const passing = gained & this.#closed[link]!
        if (passing !== noPhase) reached.push({ at: this.#across(link, at), phases: passing })
      }
    }
  }

  /** All that hangs together with a section in one phase, if no way leads outside; else nothing. */
  #cutOff(section: number, phase: Phases): readonly number[] {
    if (section === outside) return []
    const search = ++this.#search
    const found = [section]
    this.#seenBy[section] = search
    for (const at of found) {
      for (const link of this.#linksOf[at]!) {
        if ((this.#closed[link]! & phase) === noPhase) continue
        const across = this.#across(link, at)
        if (across === outside) return []
        if (this.#seenBy[across] === search) continue
        this.#seenBy[across] = search
        found.push(across)
      }
    }
    return found
  }

  #across(link: number, section: number): number {
    const [one, other] = this.#ends[link]!
    return one === section ? other : one
  }
}
