import { inOrder, isValid, type NetworkHistory, type SwitchOperation, type Validity } from './network.ts'
import { allPhases, noPhase, type Phases, phasesIn } from './phases.ts'
import { outside, Supply } from './supply.ts'

/** Phases of a section without supply, which they lost at one instant and got back at one instant. */
export interface SectionOutage {
  readonly sectionId: string
  readonly phases: Phases
  /** UTC milliseconds. */
  readonly from: number
  /** UTC milliseconds; null: it lasts. */
  readonly until: number | null
  /** Null: it began with a change of the network itself, or before anybody asked. */
  readonly takenBy: SwitchOperation | null
  /** Null: it lasts, or ended with a change of the network itself. */
  readonly givenBackBy: SwitchOperation | null
}

/**
 * When sections were without supply, in phases that the network has for them when every switch stands as it does
 * normally: from `from` on and before `until`, UTC milliseconds. Supply follows the state at each instant, through
 * whatever is closed. All of one instant is done at once, first what closes, then what opens. Neither the order in which
 * operations are given nor their doubling matters.
 * @param operations  those before `from` tell how switches stand then; where none does, a switch stands as normally
 * @param lasting     outages computed up to `from` that lasted then: they go on as what they were
 * @returns in the order in which they began, and by section
 */
export function sectionOutages(
  network: NetworkHistory,
  operations: readonly SwitchOperation[],
  from: number,
  until: number,
  lasting: readonly SectionOutage[] = [],
): SectionOutage[] {
  const known = inOrder(operations.filter(({ at }) => at < until))
  const course = new Course(network)
  course.begin(
    from,
    known.filter(({ at }) => at < from),
    lasting,
  )
  const turns = Map.groupBy(
    known.filter(({ at }) => at >= from),
    ({ at }) => at,
  )
  const changes = course.changesOfNetwork.filter((at) => at >= from && at < until)
  for (const at of [...new Set([...turns.keys(), ...changes])].toSorted((one, other) => one - other))
    course.goTo(at, turns.get(at) ?? [])
  return course.outages()
}

/** A switch or source within one period of validity. */
interface Element extends Validity {
  readonly id: string
  readonly link: number
  readonly phases: Phases
  readonly normally: Phases
}

/** Since when a phase of a section is without supply, and through what. */
type Loss = Pick<SectionOutage, 'from' | 'takenBy'>

/** The network as it goes through time. */
class Course {
  readonly #sections: readonly string[]
  readonly #present: Supply
  /** As it would be if every switch stood as it does normally. */
  readonly #normal: Supply
  readonly #elements: readonly Element[]
  readonly #elementsById: ReadonlyMap<string, readonly Element[]>
  readonly #elementsByBound: ReadonlyMap<number, readonly Element[]>
  /** Phases that are closed, of what was operated. */
  readonly #positions = new Map<string, Phases>()
  readonly #losses = new PerPhase<Loss>()
  readonly #over: SectionOutage[] = []

  constructor({ sources, switches }: NetworkHistory) {
    const numbers = new Map<string, number>()
    const sections = ['']
    const numberOf = (section: string): number => {
      const known = numbers.get(section)
      if (known !== undefined) return known
      numbers.set(section, sections.length)
      return sections.push(section) - 1
    }
    const ends = [
      ...switches.map(({ sectionA, sectionB }) => [numberOf(sectionA), numberOf(sectionB)] as const),
      ...sources.map(({ sectionId }) => [outside, numberOf(sectionId)] as const),
    ]
    this.#sections = sections
    this.#present = new Supply(sections.length, ends)
    this.#normal = new Supply(sections.length, ends)
    this.#elements = [
      ...switches.map((each) => ({
        ...each,
        id: each.switchId,
        normally: each.normallyClosed ? each.phases : noPhase,
      })),
      ...sources.map((each) => ({ ...each, id: each.sourceId, normally: each.phases })),
    ].map(({ id, phases, normally, from, until }, link) => ({ id, link, phases, normally, from, until }))
    this.#elementsById = Map.groupBy(this.#elements, ({ id }) => id)
    const bounds = this.#elements.flatMap((element) => [element.from, element.until].map((at) => ({ at, element })))
    this.#elementsByBound = new Map(
      [...Map.groupBy(bounds, ({ at }) => at)].map(([at, those]) => [at, those.map(({ element }) => element)]),
    )
  }

  /** Instants at which something begins or ends to be part of it. */
  get changesOfNetwork(): number[] {
    return [...this.#elementsByBound.keys()]
  }

  /** Puts all as it stood just before an instant. */
  begin(from: number, before: readonly SwitchOperation[], lasting: readonly SectionOutage[]): void {
    for (const { switchId, closed } of before) this.#positions.set(switchId, closed)
    for (const element of this.#elements) {
      if (!wasValidBefore(element, from)) continue
      this.#normal.close(element.link, element.normally)
      this.#present.close(element.link, this.#closed(element))
    }
    const earlier = Map.groupBy(lasting, ({ sectionId }) => sectionId)
    for (const [section, sectionId] of this.#sections.entries()) {
      for (const phase of phasesIn(this.#outOf(section))) {
        const known = earlier.get(sectionId)?.find(({ phases }) => (phases & phase) !== noPhase)
        this.#losses.set(section, phase, known ?? { from, takenBy: null })
      }
    }
  }

  /** Does all that happens at an instant. */
  goTo(at: number, operations: readonly SwitchOperation[]): void {
    const turnedBy = new PerPhase<SwitchOperation | null>()
    const changed = this.#elementsByBound.get(at) ?? []
    const turns = [
      ...changed.map((element) => ({ element, operation: null })),
      ...operations.flatMap((operation) =>
        (this.#elementsById.get(operation.switchId) ?? []).map((element) => ({ element, operation })),
      ),
    ]
    for (const { switchId, closed } of operations) this.#positions.set(switchId, closed)
    const touched = new Set<number>()
    for (const turn of ['close', 'open'] as const) {
      for (const element of changed) {
        const normally = isValid(element, at) ? element.normally : noPhase
        const phases = turn === 'close' ? normally : allPhases & ~normally
        for (const { section } of this.#normal[turn](element.link, phases)) touched.add(section)
      }
      for (const { element, operation } of turns) {
        const closed = isValid(element, at) ? this.#closed(element) : noPhase
        const phases = turn === 'close' ? closed : allPhases & ~closed
        for (const { section, before, after } of this.#present[turn](element.link, phases)) {
          touched.add(section)
          for (const phase of phasesIn(before ^ after)) turnedBy.set(section, phase, operation)
        }
      }
    }
    for (const section of touched) this.#settle(section, at, turnedBy)
  }

  /** @returns all outages, those that last among them */
  outages(): SectionOutage[] {
    const open = this.#sections.flatMap((_, section) => this.#end(section, allPhases, null, () => null))
    return [...this.#over, ...open].toSorted(
      (one, other) => one.from - other.from || (one.sectionId < other.sectionId ? -1 : 1),
    )
  }

  #settle(section: number, at: number, turnedBy: PerPhase<SwitchOperation | null>): void {
    const out = this.#outOf(section)
    const by = (phase: Phases) => turnedBy.get(section, phase) ?? null
    this.#over.push(...this.#end(section, allPhases & ~out, at, by))
    for (const phase of phasesIn(out))
      if (!this.#losses.get(section, phase)) this.#losses.set(section, phase, { from: at, takenBy: by(phase) })
  }

  /** Ends what lasts of these phases of a section: an outage for each that they had in common. */
  #end(
    section: number,
    phases: Phases,
    until: number | null,
    by: (phase: Phases) => SwitchOperation | null,
  ): SectionOutage[] {
    const ended: SectionOutage[] = []
    for (const phase of phasesIn(phases)) {
      const loss = this.#losses.take(section, phase)
      if (!loss) continue
      const { from, takenBy } = loss
      const givenBackBy = by(phase)
      const alike = ended.findIndex(
        (outage) => outage.from === from && outage.takenBy === takenBy && outage.givenBackBy === givenBackBy,
      )
      const together = ended[alike]
      if (together) ended[alike] = { ...together, phases: together.phases | phase }
      else ended.push({ sectionId: this.#sections[section]!, phases: phase, from, until, takenBy, givenBackBy })
    }
    return ended
  }

  #outOf(section: number): Phases {
    return this.#normal.phasesOf(section) & ~this.#present.phasesOf(section)
  }

  #closed({ id, phases, normally }: Element): Phases {
    const position = this.#positions.get(id)
    return position === undefined ? normally : position & phases
  }
}

/** Something of each phase of each section. */
class PerPhase<T> {
  readonly #values = new Map<number, T>()

  get(section: number, phase: Phases): T | undefined {
    return this.#values.get(section * 8 + phase)
  }

  set(section: number, phase: Phases, value: T): void {
    this.#values.set(section * 8 + phase, value)
  }

  take(section: number, phase: Phases): T | undefined {
    const value = this.get(section, phase)
    this.#values.delete(section * 8 + phase)
    return value
  }
}

const wasValidBefore = ({ from, until }: Validity, at: number): boolean => from < at && at <= until
