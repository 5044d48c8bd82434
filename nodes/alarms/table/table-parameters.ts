import { Type } from '@sinclair/typebox'
import { Instant } from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { storedTable, type StoredTable } from './stored-table.ts'
import { newestVersion } from './table-repository.ts'

export const tag = 'alarms'
export const tablePath = '/api/alarms/table'
export const classesPath = '/api/alarms/classes'

const version = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 2_147_483_647, description, examples: [0] })

/** What every change says. */
export const changed = {
  version: version('Version that the change is based on: where it is not the newest, the answer is 409'),
  reason: Type.String({
    ...{ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why' },
    examples: ['Review of the alarms of March'],
  }),
}

export const ofVersion = Type.Object({
  version: Type.Optional(version('The table as it was at this version; 0: as shipped; the newest unless given')),
})

export const versionFields = {
  version: Type.Integer(),
  reason: Type.String(),
  changedBy: Type.String(),
  changedAt: Instant("When, by the wall's clock"),
}

export const Made = Type.Object({ version: Type.Integer({ description: 'The newest version now' }) })

export const changeAnswers = {
  403: { description: 'The role does not allow it; it is recorded' },
  409: { description: 'The change is not based on the newest version; it is recorded' },
} as const

/** @throws Problem 404 for a version that is not there yet */
export async function tableAt(queries: Queries, wanted: number | undefined): Promise<StoredTable> {
  if (wanted !== undefined && wanted > (await newestVersion(queries)))
    throw notFound('version', 'query.version', wanted)
  return storedTable(queries, wanted)
}
