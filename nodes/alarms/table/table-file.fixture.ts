import { csvLines } from '../../../platform/http/csv.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import { tableColumns } from './table-csv.ts'

/** Entries as they are exported. */
export async function fileOf(definitions: readonly AlarmDefinition[]): Promise<string> {
  let file = ''
  for await (const line of csvLines(tableColumns, definitions)) file += line
  return file
}
