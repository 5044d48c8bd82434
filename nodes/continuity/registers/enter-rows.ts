import { DatabaseError, type PoolClient } from 'pg'
import { wallClock } from '../../../platform/clock/clock.ts'
import { Faults, ImportError } from '../../../platform/network/import/faults.ts'
import { againstDeadlocks } from '../../../platform/network/import/import.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import {
  beginEntry,
  conjuntoIds,
  insertEntry,
  unknownConjuntos,
  unknownUnits,
  type RegisterEntry,
} from './entry-repository.ts'
import { isOfficialLimits, readOfficialLimits } from './official-limits.ts'
import { keyColumnsOf, readRecords, readSheetRows, type RegisterLine } from './read-rows.ts'
import type { Register } from './register.ts'

/** Who enters rows, and when (UTC milliseconds). */
export interface EnteredBy {
  readonly name: string
  readonly at: number
}

/** What became of the rows. */
export interface Entered {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Lines of the regulator's file that are of other distributors. */
  readonly passedOver?: number
}

const chunk = 5_000
/** PostgreSQL's names for rows that refer to nothing, and for values that do not go together. */
const [foreignKey, check] = ['23503', '23514']

/**
 * Enters a file, all of it or nothing; the same file again changes nothing. Limits of conjuntos may come as the regulator
 * publishes them.
 * @param bytes  CSV
 * @throws ImportError with every fault and its line
 */
export async function enterFile(
  database: Database,
  register: Register,
  bytes: Uint8Array,
  by: EnteredBy,
): Promise<Entered> {
  const file = { name: `${register.name}.csv`, bytes }
  const faults = new Faults([file.name])
  if (register.name === 'conjunto-limits' && isOfficialLimits(file)) {
    const ours = new Set((await conjuntoIds(database)).map(({ id }) => id))
    const { lines, passedOver } = readOfficialLimits(file, (id) => ours.has(id), faults)
    return { ...(await enterLines(database, register, file.name, lines, faults, by)), passedOver }
  }
  return enterLines(database, register, file.name, readSheetRows(register, file, faults), faults, by)
}

/** Enters records, all of them or none. @throws ImportError with every fault; a record's line is its place, from 1 */
export async function enterRecords(database: Database, register: Register, records: readonly unknown[], by: EnteredBy) {
  const faults = new Faults([register.name])
  const lines = readRecords(register, register.name, records, faults)
  return enterLines(database, register, register.name, lines, faults, by)
}

/** Removes the rows that these records name. @returns how many there were @throws ImportError */
export async function removeRecords(
  database: Database,
  register: Register,
  records: readonly unknown[],
  by: EnteredBy,
): Promise<number> {
  const faults = new Faults([register.name])
  const keys = readRecords(keyColumnsOf(register), register.name, records, faults)
  faults.check()
  return inEntry(database, register, by, async (client) => {
    const rows = keys.map(({ row }) => row)
    const removed = await register.remove(client, rows)
    return { result: removed, counts: { added: 0, changed: 0, removed } }
  })
}

async function enterLines(
  database: Database,
  register: Register,
  file: string,
  lines: readonly RegisterLine[],
  faults: Faults,
  by: EnteredBy,
): Promise<Entered> {
  await checkReferences(database, register, file, lines, faults)
  faults.check()
  try {
    return await inEntry(database, register, by, async (client, entryId) => {
      const sum = { added: 0, changed: 0 }
      for (let from = 0; from < lines.length; from += chunk) {
        const rows = lines.slice(from, from + chunk).map(({ row }) => row)
        const { added, changed } = await register.save(client, rows, entryId)
        sum.added += added
        sum.changed += changed
      }
      return {
        result: { ...sum, unchanged: lines.length - sum.added - sum.changed },
        counts: { ...sum, removed: 0 },
      }
    })
  } catch (error) {
    if (error instanceof DatabaseError && error.code === check) throw new ImportError([{ file, problem: apart }])
    if (error instanceof DatabaseError && error.code === foreignKey) throw new ImportError([{ file, problem: gone }])
    throw error
  }
}

const apart = 'a row does not go with what is known of it already: are its instants in their order?'
const gone = 'what a row is of was removed from the registry meanwhile'

async function checkReferences(
  queries: Queries,
  { of }: Register,
  file: string,
  lines: readonly RegisterLine[],
  faults: Faults,
): Promise<void> {
  if (of === null) return
  const column = `${of}_id`
  const named = [...new Set(lines.flatMap(({ row }) => (row[column] as string | null) ?? []))]
  const found = await (of === 'unit' ? unknownUnits : unknownConjuntos)(queries, named)
  const unknown = new Set(found.map(({ id }) => id))
  for (const { line, row } of lines) {
    const id = row[column] as string | null
    if (id !== null && unknown.has(id))
      faults.add({ file, line, column, value: id, problem: `a ${of} that the registry does not have` })
  }
}

/** Runs a writing of rows as one entry; where nothing was changed, there is none. */
async function inEntry<T>(
  database: Database,
  { name: register }: Pick<Register, 'name'>,
  { name: enteredBy, at: enteredAt }: EnteredBy,
  work: (
    client: PoolClient,
    entryId: number,
  ) => Promise<{ result: T; counts: Pick<RegisterEntry, 'added' | 'changed' | 'removed'> }>,
): Promise<T> {
  return againstDeadlocks(() =>
    database.transaction(async (client) => {
      const entryId = await beginEntry(client)
      const { result, counts } = await work(client, entryId)
      if (counts.added + counts.changed + counts.removed > 0)
        await insertEntry(client, { entryId, register, enteredBy, approvalId: null, enteredAt, ...counts })
      return result
    }),
  )
}

/**
 * Writes what an approval decided, as an entry of its own in the approval's transaction.
 * @param register  `critical-days` or `emergency-situations`
 * @param work      whether it added, changed or removed a row, or found nothing to do
 */
export async function enterApproved(
  client: PoolClient,
  register: string,
  approvalId: number,
  work: (entryId: number) => Promise<'added' | 'changed' | 'removed' | 'nothing'>,
): Promise<boolean> {
  const entryId = await beginEntry(client)
  const done = await work(entryId)
  if (done === 'nothing') return false
  const counts = { added: 0, changed: 0, removed: 0, [done]: 1 }
  await insertEntry(client, {
    ...{ entryId, register, enteredBy: null, approvalId, enteredAt: wallClock.now() },
    ...counts,
  })
  return true
}
