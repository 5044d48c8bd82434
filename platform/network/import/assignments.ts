import { formatInstant } from '../../wire/instant.ts'
import type { Faults } from './faults.ts'
import type { Assignment } from './network.ts'
import type { Table } from './tables.ts'

/** What becomes of meter assignments. */
export interface AssignmentChanges {
  /** Known ones that are no longer so: other ones among `toWrite` stand for them. */
  readonly toRemove: readonly Assignment[]
  readonly toWrite: readonly Assignment[]
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Known ones that end because another meter, or another unit, comes after them. */
  readonly closed: readonly Assignment[]
}

/** One that will be, with the line that says so if it is one of the file's. */
interface Period extends Assignment {
  readonly line?: number
}

/**
 * Lays the file's assignments over the known ones. One of the same unit, meter and beginning is the same one, and its
 * end may change. A known one without end is closed where one of the file begins for its unit or its meter: that is
 * how a meter is changed.
 * Faults: ends before it begins, given twice, periods of one unit or of one meter that overlap.
 * @param known  every assignment of the units and meters in the file
 */
export function mergeAssignments(
  table: Table<'meters'> | undefined,
  known: readonly Assignment[],
  faults: Faults,
): AssignmentChanges {
  if (!table) return { toRemove: [], toWrite: [], added: 0, changed: 0, unchanged: 0, closed: [] }
  const before = new Map(known.map((assignment) => [keyOf(assignment), assignment]))
  const periods = periodsOf(table, before, faults)
  const stays = known.filter((assignment) => !periods.has(keyOf(assignment)))
  const { closed, kept } = closeWhereFollowed(stays, [...periods.values()])
  checkOverlaps(table.file, [...periods.values(), ...kept, ...closed.map(({ now }) => now)], faults)

  const toRemove = closed.map(({ was }) => was)
  const toWrite: Assignment[] = closed.map(({ now }) => now)
  const counts = { added: 0, changed: 0, unchanged: 0 }
  for (const [key, period] of periods) {
    const was = before.get(key)
    if (was?.valid_to === period.valid_to) {
      counts.unchanged += 1
      continue
    }
    if (was) toRemove.push(was)
    counts[was ? 'changed' : 'added'] += 1
    toWrite.push(period)
  }
  return { toRemove, toWrite, ...counts, closed: closed.map(({ now }) => now) }
}

const keyOf = ({ unit_id, device_id, valid_from }: Assignment): string => `${unit_id} ${device_id} ${valid_from}`

function periodsOf(
  { file, lines }: Table<'meters'>,
  before: ReadonlyMap<string, Assignment>,
  faults: Faults,
): Map<string, Period & { line: number }> {
  const periods = new Map<string, Period & { line: number }>()
  for (const { line, cells } of lines) {
    const { unit_id, device_id, valid_from } = cells
    if (unit_id === undefined || device_id === undefined || valid_from === undefined) continue
    const key = keyOf({ unit_id, device_id, valid_from, valid_to: Infinity })
    const first = periods.get(key)
    if (first) {
      faults.add({ file, line, problem: `this unit, meter and beginning are on line ${first.line} already` })
      continue
    }
    const valid_to = (cells.valid_to === undefined ? before.get(key)?.valid_to : cells.valid_to) ?? Infinity
    if (valid_to <= valid_from) {
      faults.add({ file, line, column: 'valid_to', problem: 'is not after valid_from' })
      continue
    }
    periods.set(key, { unit_id, device_id, valid_from, valid_to, line })
  }
  return periods
}

function closeWhereFollowed(
  known: readonly Assignment[],
  periods: readonly Period[],
): { closed: { was: Assignment; now: Assignment }[]; kept: Assignment[] } {
  const groups = grouped(periods)
  const closed: { was: Assignment; now: Assignment }[] = []
  const kept: Assignment[] = []
  for (const assignment of known) {
    const followers = groupsOf(assignment)
      .flatMap((group) => groups.get(group) ?? [])
      .filter(({ valid_from }) => valid_from > assignment.valid_from)
    if (assignment.valid_to !== Infinity || followers.length === 0) kept.push(assignment)
    else {
      const valid_to = followers.reduce((earliest, { valid_from }) => Math.min(earliest, valid_from), Infinity)
      closed.push({ was: assignment, now: { ...assignment, valid_to } })
    }
  }
  return { closed, kept }
}

function checkOverlaps(file: string, periods: readonly Period[], faults: Faults): void {
  const told = new Set<Period>()
  for (const group of grouped(periods).values()) {
    group.sort((one, other) => one.valid_from - other.valid_from || (one.line ?? 0) - (other.line ?? 0))
    let reaching: Period | undefined
    for (const period of group) {
      if (reaching && period.valid_from < reaching.valid_to) tell(reaching, period)
      if (!reaching || period.valid_to > reaching.valid_to) reaching = period
    }
  }

  function tell(one: Period, other: Period): void {
    const [told_, against] = (one.line ?? 0) > (other.line ?? 0) ? [one, other] : [other, one]
    // Two known ones never overlap. A pair that shares both unit and meter is met twice.
    if (told_.line === undefined || told.has(told_)) return
    told.add(told_)
    const where = against.line === undefined ? 'what the registry knows' : `line ${against.line}`
    faults.add({ file, line: told_.line, problem: `overlaps ${where}: ${describe(against)}` })
  }
}

function describe({ unit_id, device_id, valid_from, valid_to }: Assignment): string {
  const from = valid_from === -Infinity ? '' : ` from ${formatInstant(valid_from)}`
  const to = valid_to === Infinity ? ' without end' : ` to ${formatInstant(valid_to)}`
  return `unit ${unit_id} has meter ${device_id}${from}${to}`
}

const groupsOf = ({ unit_id, device_id }: Assignment): [string, string] => [`unit ${unit_id}`, `meter ${device_id}`]

function grouped<A extends Assignment>(assignments: readonly A[]): Map<string, A[]> {
  const groups = new Map<string, A[]>()
  for (const assignment of assignments) {
    for (const name of groupsOf(assignment)) {
      const group = groups.get(name)
      if (group) group.push(assignment)
      else groups.set(name, [assignment])
    }
  }
  return groups
}
