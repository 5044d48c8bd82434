import type { Faults } from './faults.ts'
import type { Assignment } from './network.ts'
import { type Given, mergePeriods, type PeriodKind } from './periods.ts'
import { isFaulty, type Table } from './tables.ts'

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

const kind: PeriodKind<Assignment> = {
  nameOf: ({ unit_id, device_id }) => `${unit_id} ${device_id}`,
  groupsOf: ({ unit_id, device_id }) => [`unit ${unit_id}`, `meter ${device_id}`],
  describe: ({ unit_id, device_id }) => `unit ${unit_id} has meter ${device_id}`,
  named: 'this unit, meter and beginning',
}

/**
 * Lays the file's assignments over the known ones. A known one without end is closed where one of the file begins for its
 * unit or its meter: that is how a meter is changed.
 * @param known  every assignment of the units and meters in the file
 */
export function mergeAssignments(
  table: Table<'meters'> | undefined,
  known: readonly Assignment[],
  faults: Faults,
): AssignmentChanges {
  if (!table) return { toRemove: [], toWrite: [], added: 0, changed: 0, unchanged: 0, closed: [] }
  const merged = mergePeriods(table.file, givenIn(table, known), known, kind, faults)
  const { changes, added, changed, unchanged, closed } = merged
  return {
    toRemove: changes.flatMap(({ was }) => was ?? []),
    toWrite: changes.map(({ now }) => now),
    ...{ added, changed, unchanged, closed },
  }
}

function givenIn(table: Table<'meters'>, known: readonly Assignment[]): Given<Assignment>[] {
  const ends = new Map(known.map((one) => [`${kind.nameOf(one)} ${one.valid_from}`, one.valid_to]))
  return table.lines.flatMap(({ line, cells }) => {
    const { unit_id, device_id, valid_from, valid_to } = cells
    if (unit_id === undefined || device_id === undefined || valid_from === undefined) return []
    if (isFaulty(table, cells, 'valid_to')) return []
    const known = valid_to === undefined ? ends.get(`${unit_id} ${device_id} ${valid_from}`) : valid_to
    return [{ unit_id, device_id, valid_from, valid_to: known ?? Infinity, line }]
  })
}
