import { formatInstant } from '../../wire/instant.ts'
import type { Faults } from './faults.ts'
import type { Period } from './network.ts'

/** How periods of one kind are told apart and told of. */
export interface PeriodKind<P extends Period> {
  /** With its beginning it names a period. */
  readonly nameOf: (period: P) => string
  /** What has at most one of them at a time. */
  readonly groupsOf: (period: P) => readonly string[]
  /** As `unit u-1 has meter m-1`. */
  readonly describe: (period: P) => string
  /** As `this unit, meter and beginning`. */
  readonly named: string
}

/** A period that a file gives, with the line that says so. */
export type Given<P extends Period> = P & { readonly line: number }

/** What becomes of periods. */
export interface PeriodChanges<P extends Period> {
  /** What is otherwise than it was; those that end come first. `was` undefined: it is new. */
  readonly changes: readonly { readonly was: P | undefined; readonly now: P }[]
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Known ones that end because another one comes after them. */
  readonly closed: readonly P[]
}

/**
 * Lays periods of a file over the known ones. One of the same name and beginning is the same one, and what it says may
 * change, its end too. A known one without end is closed where one of the file begins in its place.
 * Faults: ends before it begins, given twice, periods that overlap.
 * @param known  every one of what the file names
 */
export function mergePeriods<P extends Period>(
  file: string,
  given: readonly Given<P>[],
  known: readonly P[],
  kind: PeriodKind<P>,
  faults: Faults,
): PeriodChanges<P> {
  const keyOf = (period: P): string => `${kind.nameOf(period)} ${period.valid_from}`
  const before = new Map(known.map((period) => [keyOf(period), period]))
  const periods = checked(file, given, keyOf, kind, faults)
  const stays = known.filter((period) => !periods.has(keyOf(period)))
  const { closed, kept } = closeWhereFollowed(stays, [...periods.values()], kind)
  checkOverlaps(file, [...periods.values(), ...kept, ...closed.map(({ now }) => now)], kind, faults)

  const changes: { was: P | undefined; now: P }[] = [...closed]
  const counts = { added: 0, changed: 0, unchanged: 0 }
  for (const [key, { line: _, ...period }] of periods) {
    const now = period as unknown as P
    const was = before.get(key)
    if (was && isSame(was, now)) {
      counts.unchanged += 1
      continue
    }
    counts[was ? 'changed' : 'added'] += 1
    changes.push({ was, now })
  }
  return { changes, ...counts, closed: closed.map(({ now }) => now) }
}

function checked<P extends Period>(
  file: string,
  given: readonly Given<P>[],
  keyOf: (period: P) => string,
  { named }: PeriodKind<P>,
  faults: Faults,
): Map<string, Given<P>> {
  const periods = new Map<string, Given<P>>()
  for (const period of given) {
    const { line, valid_from, valid_to } = period
    const key = keyOf(period)
    const first = periods.get(key)
    if (first) faults.add({ file, line, problem: `${named} are on line ${first.line} already` })
    else if (valid_to <= valid_from) faults.add({ file, line, column: 'valid_to', problem: 'is not after valid_from' })
    else periods.set(key, period)
  }
  return periods
}

function closeWhereFollowed<P extends Period>(
  known: readonly P[],
  periods: readonly P[],
  kind: PeriodKind<P>,
): { closed: { was: P; now: P }[]; kept: P[] } {
  const groups = grouped(periods, kind)
  const closed: { was: P; now: P }[] = []
  const kept: P[] = []
  for (const period of known) {
    const followers = kind
      .groupsOf(period)
      .flatMap((group) => groups.get(group) ?? [])
      .filter(({ valid_from }) => valid_from > period.valid_from)
    if (period.valid_to !== Infinity || followers.length === 0) kept.push(period)
    else {
      const valid_to = followers.reduce((earliest, { valid_from }) => Math.min(earliest, valid_from), Infinity)
      closed.push({ was: period, now: { ...period, valid_to } })
    }
  }
  return { closed, kept }
}

function checkOverlaps<P extends Period>(
  file: string,
  periods: readonly (P & { readonly line?: number })[],
  kind: PeriodKind<P>,
  faults: Faults,
): void {
  type Placed = P & { readonly line?: number }
  const told = new Set<Placed>()
  for (const group of grouped<Placed>(periods, kind).values()) {
    group.sort((one, other) => one.valid_from - other.valid_from || (one.line ?? 0) - (other.line ?? 0))
    let reaching: Placed | undefined
    for (const period of group) {
      if (reaching && period.valid_from < reaching.valid_to) tell(reaching, period)
      if (!reaching || period.valid_to > reaching.valid_to) reaching = period
    }
  }

  function tell(one: Placed, other: Placed): void {
    const [told_, against] = (one.line ?? 0) > (other.line ?? 0) ? [one, other] : [other, one]
    // Two known ones never overlap. A pair that shares more than one group is met more than once.
    if (told_.line === undefined || told.has(told_)) return
    told.add(told_)
    const where = against.line === undefined ? 'what the registry knows' : `line ${against.line}`
    const problem = `overlaps ${where}: ${kind.describe(against)}${describeBounds(against)}`
    faults.add({ file, line: told_.line, problem })
  }
}

function describeBounds({ valid_from, valid_to }: Period): string {
  const from = valid_from === -Infinity ? '' : ` from ${formatInstant(valid_from)}`
  return `${from}${valid_to === Infinity ? ' without end' : ` to ${formatInstant(valid_to)}`}`
}

function grouped<P extends Period>(
  periods: readonly P[],
  { groupsOf }: { readonly groupsOf: (period: P) => readonly string[] },
): Map<string, P[]> {
  const groups = new Map<string, P[]>()
  for (const period of periods) {
    for (const name of groupsOf(period)) {
      const group = groups.get(name)
      if (group) group.push(period)
      else groups.set(name, [period])
    }
  }
  return groups
}

const isSame = <Row extends object>(one: Row, other: Row): boolean =>
  (Object.keys(other) as (keyof Row)[]).every((column) => one[column] === other[column])
