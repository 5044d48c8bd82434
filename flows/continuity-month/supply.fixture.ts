import { allPhases, type Network, type Unit } from './network.fixture.ts'

/** How a switch or a breaker stood from an instant on. Phases are those that are closed. */
export interface Operation {
  readonly element: string
  readonly at: number
  readonly phases: number
}
export interface Times {
  readonly from: number
  /** Null: it lasts. */
  readonly until: number | null
}
/** What happened: of switches, of single units (a fuse at the transformer, their own), and of units with supply of their own. */
export interface Truth {
  readonly operations: readonly Operation[]
  readonly failures: ReadonlyMap<string, readonly Times[]>
  readonly ownSupplies: ReadonlyMap<string, readonly Times[]>
}
/** Phases with supply from an instant on. */
export type Course = readonly { readonly at: number; readonly live: number }[]

/** What supply each section has: at every instant at which anything is turned, the whole network is walked from its sources. */
export function sectionCourses({ sources, switches }: Network, operations: readonly Operation[]): Map<string, Course> {
  const joined = Map.groupBy(
    [...switches.map(({ id, a, b }) => [id, a, b] as const), ...switches.map(({ id, a, b }) => [id, b, a] as const)],
    ([, from]) => from,
  )
  const closed = new Map<string, number>([
    ...sources.map(({ id }) => [id, allPhases] as const),
    ...switches.map(({ id, normallyClosed }) => [id, normallyClosed ? allPhases : 0] as const),
  ])
  const courses = new Map<string, { at: number; live: number }[]>()
  const walk = (at: number): void => {
    const live = new Map<string, number>()
    const reach = sources.map(({ id, section }) => ({ section, phases: closed.get(id)! }))
    for (let next = reach.pop(); next; next = reach.pop()) {
      const before = live.get(next.section) ?? 0
      const now = before | next.phases
      if (now === before) continue
      live.set(next.section, now)
      for (const [id, , beyond] of joined.get(next.section) ?? [])
        reach.push({ section: beyond, phases: now & closed.get(id)! })
    }
    for (const section of new Set([...joined.keys(), ...sources.map((one) => one.section)])) {
      const course = courses.get(section) ?? []
      courses.set(section, course)
      if (course.at(-1)?.live !== (live.get(section) ?? 0)) course.push({ at, live: live.get(section) ?? 0 })
    }
  }
  walk(-Infinity)
  for (const [at, together] of [...Map.groupBy(operations, (one) => one.at)].toSorted(
    ([one], [other]) => one - other,
  )) {
    for (const { element, phases } of together) closed.set(element, phases)
    walk(at)
  }
  return courses
}

const within = (times: readonly Times[], at: number): boolean =>
  times.some(({ from, until }) => from <= at && (until === null || at < until))

/** The phases of a unit that have supply, from each instant at which they become others. */
export function unitCourse(unit: Unit, section: Course, truth: Truth): { at: number; live: number }[] {
  const failures = truth.failures.get(unit.id) ?? []
  const own = truth.ownSupplies.get(unit.id) ?? []
  const instants = [
    ...section.map(({ at }) => at),
    ...[...failures, ...own].flatMap(({ from, until }) => [from, until ?? Infinity]),
  ]
  const course: { at: number; live: number }[] = []
  let place = 0
  for (const at of [...new Set(instants)].toSorted((one, other) => one - other)) {
    while (place + 1 < section.length && section[place + 1]!.at <= at) place++
    const grid = section[place]!.live & unit.phases
    const live = within(own, at)
      ? unit.phases
      : within(failures, at)
        ? 0
        : unit.allOrNothing && grid !== unit.phases
          ? 0
          : grid
    if (course.at(-1)?.live !== live) course.push({ at, live })
  }
  return course
}

/** When a unit had not all of its phases: what touches is one. */
export function outagesOf(unit: Unit, course: Course): Times[] {
  const outages: Times[] = []
  let from: number | null = null
  for (const { at, live } of course) {
    if (live !== unit.phases) from ??= at
    else if (from !== null) {
      outages.push({ from, until: at })
      from = null
    }
  }
  if (from !== null) outages.push({ from, until: null })
  return outages
}
