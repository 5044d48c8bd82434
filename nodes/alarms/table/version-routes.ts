import { Type } from '@sinclair/typebox'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { tableDifferences } from './table-differences.ts'
import { storedTable } from './stored-table.ts'
import { Difference } from './table-fields.ts'
import { tablePath, tag, versionFields } from './table-parameters.ts'
import { changedIn, findVersion, listVersions, type TableVersion } from './table-repository.ts'

const path = `${tablePath}/versions` as const
const serial = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Version = Type.Object(
  {
    ...versionFields,
    entries: Type.Integer({ description: 'Entries of which it says something' }),
    classes: Type.Integer({ description: 'Classes of which it says something' }),
  },
  { $id: 'AlarmTableVersion' },
)
const keys = new Keyset(Type.Object({ version: serial }))

/** Versions of the master alarm table: who changed it, when, why, and what. */
export const versionRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path,
    operationId: 'listAlarmTableVersions',
    summary: 'Who changed the master alarm table, when and why',
    ...{ tag, right: 'read' as const, query: Type.Object(pageQuery()) },
    answers: { 200: { description: 'The newest first', schema: pageOf(Version) } },
    async handle({ query: { cursor, limit } }) {
      const rows = await listVersions(database, keys.after(cursor)?.version, limit + 1)
      const items = rows.map(({ entries, classes, ...version }) => ({ ...shown(version), entries, classes }))
      return { body: keys.page(items, limit, ({ version }) => ({ version })) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${path}/{version}`,
    operationId: 'getAlarmTableVersion',
    summary: 'What a version changed, field by field',
    ...{ tag, right: 'read' as const, params: Type.Object({ version: serial }) },
    answers: {
      200: {
        description: 'The version, against the one before',
        schema: Type.Object({ ...versionFields, changes: Type.Array(Difference) }),
      },
    },
    async handle({ params: { version } }) {
      const found = await findVersion(database, version)
      if (!found) throw notFound('version', 'path.version', version)
      const [before, after] = [await storedTable(database, version - 1), await storedTable(database, version)]
      const changes = tableDifferences(before.table, after.table, await changedIn(database, version))
      return { body: { ...shown(found), changes: [...changes] } }
    },
  }),
]

const shown = ({ changedAt, ...version }: TableVersion) => ({
  ...version,
  changedAt: new Date(changedAt).toISOString(),
})
