import { drawOf, type Draw } from '../../simulator/draw.ts'
import { allPhases, type Feeder, type Network, type Unit } from './network.fixture.ts'
import {
  outagesOf,
  sectionCourses,
  unitCourse,
  type Course,
  type Operation,
  type Times,
  type Truth,
} from './supply.fixture.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** March 2026, some days before and after; counted on the tenth of April, when some outages still last. */
export const month = '2026-03'
export const now = Date.UTC(2026, 3, 10, 12)
const first = Date.UTC(2026, 1, 26)
const last = Date.UTC(2026, 3, 3)

/** One thing of which an interruption comes. */
interface Incident {
  readonly kind: 'trip' | 'transfer' | 'phase' | 'unit' | 'transformer'
  /** Switch, breaker, transformer or unit. */
  readonly element: string
  readonly from: number
  readonly until: number | null
}
/** What was announced: the window, and when consumers were warned. */
export interface Plan {
  readonly element: string
  readonly from: number
  readonly until: number
  readonly warnedAt: number
}
/** What persons say of the outage that a unit has from an instant on. */
export interface Judgement {
  readonly unitIds: readonly string[]
  readonly from: number
  readonly until: number
  readonly plan?: Plan
  readonly origin?: 'external'
  readonly exclusion?:
    'unit-installation' | 'unit-interest' | 'suspension' | 'rationing' | 'load-shedding' | 'emergency'
}
export interface DrawnMonth extends Truth {
  readonly incidents: readonly Incident[]
  readonly judgements: readonly Judgement[]
  /** Civil days by conjunto. */
  readonly criticalDays: ReadonlyMap<string, readonly string[]>
  readonly courses: ReadonlyMap<string, Course>
  readonly outages: ReadonlyMap<string, readonly Times[]>
}

/**
 * Draws what happened. Switches are turned at whole half minutes, and fuses of transformers and units fail 12 to 18 seconds after
 * one: so what meters tell a few seconds early or late can only be of the one or the other.
 */
export function drawMonth(seed: number, network: Network, interruptions: number): DrawnMonth {
  const draw = drawOf(seed, 'month')
  const happened = new Happened(draw, network)
  const incidents: Incident[] = []
  while (incidents.length < interruptions) {
    const incident = happened.next()
    if (incident) incidents.push(incident)
  }
  const { operations, failures } = happened
  const sections = sectionCourses(network, operations)
  const ownSupplies = drawOwnSupplies(draw, network.units, sections, failures)
  const truth = { operations, failures, ownSupplies }
  const courses = new Map(network.units.map((unit) => [unit.id, unitCourse(unit, sections.get(unit.section)!, truth)]))
  const outages = new Map(network.units.map((unit) => [unit.id, outagesOf(unit, courses.get(unit.id)!)]))
  const criticalDays = new Map(
    network.conjuntos.map(({ id }) => [
      id,
      ['2026-02-28', '2026-03-01', '2026-03-08', '2026-03-15', '2026-03-31', '2026-04-01'].filter(
        () => draw.uniform() < 0.3,
      ),
    ]),
  )
  const judgements = drawJudgements(draw, network, incidents, outages)
  return { ...truth, incidents, courses, outages, criticalDays, judgements }
}

/** Incidents come one after the other, none at a switch or unit at which another one is under way. */
class Happened {
  readonly operations: Operation[] = []
  readonly failures = new Map<string, Times[]>()
  #draw: Draw
  #network: Network
  #busy = new Map<string, Times[]>()
  #telling: Map<string | null, Unit[]>

  constructor(draw: Draw, network: Network) {
    this.#draw = draw
    this.#network = network
    this.#telling = Map.groupBy(
      network.units.filter(({ tells }) => tells),
      ({ transformer }) => transformer,
    )
  }

  /** Undefined: there was something there already. */
  next(): Incident | undefined {
    const kind = this.#draw.uniform()
    if (kind < 0.3) return this.#trip(this.#among(this.#network.feeders))
    if (kind < 0.42) return this.#transfer(this.#among(this.#network.feeders))
    if (kind < 0.5) return this.#phase(this.#among(this.#network.feeders))
    if (kind < 0.8) return this.#unit()
    return this.#transformer()
  }

  #trip({ inRow, lateral }: Feeder): Incident | undefined {
    const element = this.#among([...inRow, lateral])
    const [from, until] = this.#period()
    if (!this.#take([element], from, until)) return undefined
    this.#turn(element, from, 0)
    this.#turn(element, until, allPhases)
    return { kind: 'trip', element, from, until }
  }

  /** The fault is between two switches: what lies behind the second is supplied through the tie until it is mended. */
  #transfer({ inRow, tie }: Feeder): Incident | undefined {
    const place = Math.floor(this.#draw.uniform() * (inRow.length - 1))
    const [element, beyond] = [inRow[place]!, inRow[place + 1]!]
    const [from, until] = this.#period()
    const [parted, back] = [from + this.#steps(1, 40), until + this.#steps(1, 120)]
    const tied = parted + this.#steps(0, 20)
    if (tied >= until || !this.#take([element, beyond, tie], from, back)) return undefined
    this.#turn(element, from, 0)
    this.#turn(beyond, parted, 0)
    this.#turn(tie, tied, allPhases)
    this.#turn(element, until, allPhases)
    this.#turn(beyond, back, allPhases)
    this.#turn(tie, back, 0)
    return { kind: 'transfer', element, from, until }
  }

  #phase({ lateral, inRow }: Feeder): Incident | undefined {
    const element = this.#draw.uniform() < 0.7 ? lateral : inRow.at(-1)!
    const [from, until] = this.#period()
    if (!this.#take([element], from, until)) return undefined
    const gone = this.#among([1, 2, 4, 3])
    this.#turn(element, from, allPhases & ~gone)
    // A second fuse blows while the first one is out.
    if (this.#draw.uniform() < 0.2 && until - from > hourMs) this.#turn(element, from + this.#steps(10, 60), 0)
    this.#turn(element, until, allPhases)
    return { kind: 'phase', element, from, until }
  }

  #unit(): Incident | undefined {
    const unit = this.#among([...this.#telling.values()].flat())
    const [begin, end] = this.#period()
    const from = begin + this.#offMark()
    const lasts = this.#draw.uniform() < 0.01 && from > Date.UTC(2026, 2, 20)
    const chance = this.#draw.uniform()
    const exact = chance < 0.1 ? 180_000 : chance < 0.2 ? 179_999 : null
    const until = lasts ? null : exact === null ? end + this.#offMark() : from + exact
    if (!this.#take([unit.id], from, until)) return undefined
    this.#fail(unit.id, from, until)
    return { kind: 'unit', element: unit.id, from, until }
  }

  /** Its units get supply back one after the other, half of the time. */
  #transformer(): Incident | undefined {
    const [transformer, units] = this.#among([...this.#telling])
    if (transformer === null) return undefined
    const [begin, end] = this.#period()
    const [from, steps] = [begin + this.#offMark(), this.#draw.uniform() < 0.5]
    const ends = units.map((_, place) => end + this.#offMark() + (steps ? place * 5 * minuteMs : 0))
    const until = Math.max(...ends)
    if (
      !this.#take(
        units.map(({ id }) => id),
        from,
        until,
      )
    )
      return undefined
    for (const [place, { id }] of units.entries()) this.#fail(id, from, ends[place]!)
    return { kind: 'transformer', element: transformer, from, until }
  }

  /** At whole half minutes: of less than three minutes, of three, of hours, of more than a day; some about the month's ends. */
  #period(): [number, number] {
    const at =
      this.#draw.uniform() < 0.04
        ? this.#among([Date.UTC(2026, 2, 1, 3), Date.UTC(2026, 3, 1, 3)]) + (this.#draw.uniform() - 0.7) * 8 * hourMs
        : first + this.#draw.uniform() * (last - first)
    const from = Math.floor(at / 30_000) * 30_000
    const kind = this.#draw.uniform()
    if (kind < 0.08) return [from, from + this.#steps(1, 5)]
    if (kind < 0.14) return [from, from + 180_000]
    const hours = kind < 0.97 ? Math.exp(0.2 + this.#draw.normal()) : 12 + 24 * this.#draw.uniform()
    return [from, from + Math.ceil((hours * hourMs) / 30_000) * 30_000 + 30_000 * 7]
  }

  #steps(least: number, most: number): number {
    return 30_000 * (least + Math.floor(this.#draw.uniform() * (most - least + 1)))
  }
  #offMark(): number {
    return Math.round(12_000 + 6_000 * this.#draw.uniform())
  }
  #among<T>(of: readonly T[]): T {
    return of[Math.floor(this.#draw.uniform() * of.length)]!
  }
  #turn(element: string, at: number, phases: number): void {
    this.operations.push({ element, at, phases })
  }
  #fail(unitId: string, from: number, until: number | null): void {
    this.failures.set(unitId, [...(this.failures.get(unitId) ?? []), { from, until }])
  }
  #take(elements: readonly string[], from: number, until: number | null): boolean {
    const end = until ?? Infinity
    for (const element of elements)
      if ((this.#busy.get(element) ?? []).some((one) => from - 60_000 <= one.until! && one.from - 60_000 <= end))
        return false
    for (const element of elements) this.#busy.set(element, [...(this.#busy.get(element) ?? []), { from, until: end }])
    return true
  }
}

/** Some that tell have a generator: they have supply again before the switch is closed. */
function drawOwnSupplies(
  draw: Draw,
  units: readonly Unit[],
  sections: ReadonlyMap<string, Course>,
  failures: Truth['failures'],
): Map<string, Times[]> {
  const supplies = new Map<string, Times[]>()
  for (const unit of units) {
    if (!unit.tells || failures.has(unit.id) || draw.uniform() > 0.05) continue
    const nothing = { operations: [], failures: new Map(), ownSupplies: new Map() }
    const long = outagesOf(unit, unitCourse(unit, sections.get(unit.section)!, nothing)).filter(
      ({ from, until }) => until !== null && until - from > 2 * hourMs,
    )
    if (long.length === 0) continue
    const { from, until } = long[Math.floor(draw.uniform() * long.length)]!
    const begins = Math.floor((from + hourMs * draw.uniform()) / 30_000) * 30_000 + 30_000 + 15_000
    supplies.set(unit.id, [{ from: begins, until }])
  }
  return supplies
}

/** Persons judge incidents at whose place there was no other outage about then: whose each one is, is then beyond question. */
function drawJudgements(
  draw: Draw,
  { units }: Network,
  incidents: readonly Incident[],
  outages: ReadonlyMap<string, readonly Times[]>,
): Judgement[] {
  const begun = Map.groupBy(
    units.flatMap((unit) => outages.get(unit.id)!.map(({ from }) => ({ unit, from }))),
    ({ from }) => from,
  )
  const ofSection = Map.groupBy(units, ({ section }) => section)
  const judgements: Judgement[] = []
  for (const incident of incidents) {
    const { kind, element, from, until } = incident
    if (until === null || until - from < 300_000 || (kind !== 'unit' && kind !== 'trip')) continue
    if (incidents.some((other) => other !== incident && (other.from === from || isNear(other, incident)))) continue
    const concerned = (begun.get(from) ?? []).map(({ unit }) => unit)
    const hanging = kind === 'unit' ? concerned : concerned.flatMap(({ section }) => ofSection.get(section)!)
    const isThisOnly = (unit: Unit): boolean =>
      outages
        .get(unit.id)!
        .every(
          (one) => (one.from === from && one.until === until) || one.from > until || (one.until ?? Infinity) < from,
        )
    if (concerned.length === 0 || !hanging.every((unit) => isThisOnly(unit) && concerned.includes(unit))) continue
    const what = kind === 'unit' ? judgedUnit(draw) : judgedTrip(draw, element, from, until)
    if (what) judgements.push({ unitIds: concerned.map(({ id }) => id), from, until, ...what })
  }
  return judgements
}

/** Of the same element, within a day: a plan could be of both. */
const isNear = (other: Incident, { element, from, until }: Incident): boolean =>
  other.element === element && (other.until ?? Infinity) > from - dayMs && other.from < (until ?? Infinity) + dayMs

type Said = Pick<Judgement, 'plan' | 'origin' | 'exclusion'>

function judgedUnit(draw: Draw): Said | undefined {
  const reasons = ['unit-installation', 'unit-interest', 'suspension'] as const
  const exclusion = reasons[Math.floor(draw.uniform() * 20)]
  return exclusion && { exclusion }
}

function judgedTrip(draw: Draw, element: string, from: number, until: number): Said | undefined {
  const chance = draw.uniform()
  if (chance < 0.25) return { plan: planOf(element, from, until, draw.uniform()) }
  if (chance < 0.35) return { origin: 'external' }
  if (chance < 0.4) return { exclusion: 'rationing' }
  if (chance < 0.45) return { exclusion: 'load-shedding' }
  return chance < 0.55 ? { exclusion: 'emergency' } : undefined
}

function planOf(element: string, from: number, until: number, chance: number): Plan {
  const week = { element, from: from - 10 * minuteMs, until: until + 10 * minuteMs, warnedAt: from - 7 * dayMs }
  if (chance < 0.4) return week
  if (chance < 0.6) return { ...week, until: until - minuteMs }
  if (chance < 0.8) return { ...week, from: from + minuteMs }
  return { ...week, warnedAt: from - dayMs }
}
