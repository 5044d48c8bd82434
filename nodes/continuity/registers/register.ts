import type { TSchema } from '@sinclair/typebox'
import type { PoolClient } from 'pg'
import type { Right } from '../../../platform/access/roles.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { RegisterColumn, RegisterValue } from './columns.ts'

/** A row of a register by the names of its columns. Instants are UTC milliseconds. */
export type RegisterRow = Readonly<Record<string, RegisterValue>>

/** A row as it stands there: with the entry that put it there, who that was and when (UTC ms). Null: by hand, in the database. */
export type StandingRow = RegisterRow & {
  readonly entry_id: number
  readonly entered_by: string | null
  readonly entered_at: number | null
}

/** What to list: values of the filters that were given, by name. Instants are UTC milliseconds. */
export type RegisterFilter = Readonly<Record<string, string | number | undefined>>

export interface RegisterPage {
  /** The row after whose key the page begins, as its key columns. */
  readonly after: RegisterRow | undefined
  readonly limit: number
}

/** What continuity rests on and people or other systems tell: the distributor's own figures, row by row. */
export interface Register {
  /** As in the address, and in a node's configuration. */
  readonly name: string
  /** As in an operationId: `ConjuntoLimits`. */
  readonly operation: string
  readonly title: string
  readonly description: string
  /** In the order of files. */
  readonly columns: Readonly<Record<string, RegisterColumn>>
  /** The columns that name a row. */
  readonly key: readonly string[]
  /** What a row is of, if it is of something in the network's registry. */
  readonly of: 'conjunto' | 'unit' | null
  readonly readRight: Right
  readonly writeRight: Right
  readonly filters: Readonly<Record<string, TSchema>>
  /** A file to show: header and one line. */
  readonly example: string
  /** What is wrong with a row whose cells are each right. */
  check?(row: RegisterRow): { readonly column: string; readonly problem: string } | undefined
  /** Writes rows, each key once; those that stand there already stay as they are. */
  save(client: PoolClient, rows: readonly RegisterRow[], entryId: number): Promise<Saved>
  /** By key. */
  list(queries: Queries, filter: RegisterFilter, page: RegisterPage): Promise<StandingRow[]>
  /** @param keys  rows with the key columns. @returns how many there were */
  remove(client: PoolClient, keys: readonly RegisterRow[]): Promise<number>
}

export interface Saved {
  readonly added: number
  readonly changed: number
}

/** How many of the rows that an insert or update returned are new. */
export const countSaved = (rows: readonly { readonly added: boolean }[]): Saved => {
  const added = rows.filter((row) => row.added).length
  return { added, changed: rows.length - added }
}
