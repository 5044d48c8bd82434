import type { Static } from '@sinclair/typebox'
import type { MasterTable } from '../domain/definition.ts'
import { scopeKey } from '../domain/master-table.ts'
import { differenceOf, type Difference } from './table-fields.ts'

/** An entry or a class, by its key. */
export interface Named {
  readonly kind: 'entry' | 'class'
  readonly key: string
}

/** What became of entries and classes from one version to another. */
export const tableDifferences = (
  before: MasterTable,
  after: MasterTable,
  named: readonly Named[],
): readonly Static<typeof Difference>[] =>
  named.map(({ kind, key }) => differenceOf(kind, key, find(before, kind, key), find(after, kind, key)))

const find = (table: MasterTable, kind: Named['kind'], key: string): object | undefined =>
  kind === 'class'
    ? table.classes.find(({ name }) => name === key)
    : table.definitions.find(({ scope }) => scopeKey(scope) === key)
