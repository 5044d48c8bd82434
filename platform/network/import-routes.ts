import { Type } from '@sinclair/typebox'
import { Instant, OneOf } from '../http/fields.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { badImport } from './change-registry.ts'
import { ImportError } from './import/faults.ts'
import { importNetwork, type ImportResult } from './import/import.ts'
import { tableNames } from './import/tables.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })
/** Names are told so far; the command line tells all. */
const mostNamed = 1_000
const Imported = Type.Object(
  {
    dryRun: Type.Boolean({ description: 'true: everything was taken back' }),
    added: count('Rows that are new'),
    changed: count('Rows that were otherwise before'),
    unchanged: count('Rows that were so before'),
    activated: Type.Array(Type.String(), { description: 'Devices that waited for approval and have it now' }),
    stillRejected: Type.Array(Type.String(), {
      description: 'Devices that stay rejected, since no status lets them in',
    }),
    closed: Type.Array(
      Type.Object({ unitId: Type.String(), deviceId: Type.String(), validTo: Instant('When it ended') }),
      { description: 'Assignments that ended because another one begins' },
    ),
    ended: Type.Array(Type.Object({ element: Type.String(), validTo: Instant('Until when it was as told before') }), {
      description: 'Elements of the network that are told otherwise from an instant on, such as `switch sw-001`',
    }),
  },
  { $id: 'RegistryImport' },
)

/** Files for the registry, as `npm run registry -- import` takes them. */
export const importRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/registry/import/{kind}',
    operationId: 'importRegistry',
    summary: 'Import a file of the registry',
    description:
      'CSV with a header, UTF-8, separated by comma or semicolon. All or nothing: where a line is wrong, nothing is written, and every fault is told with its line. A cell replaces the value, an empty one unsets it, a column that is not there leaves it; rows that are not there stay.',
    tag: 'registry',
    right: 'administer',
    params: Type.Object({ kind: OneOf(tableNames, 'Which file it is') }),
    query: Type.Object({
      dryRun: Type.Boolean({ default: false, description: 'Do everything and take it back' }),
    }),
    body: Type.String({ description: 'The file', examples: ['feeder_id,parent_feeder_id\nfeeder-03,feeder-00\n'] }),
    bodyType: 'text/csv',
    maxBodyBytes: 16 * 1024 * 1024,
    answers: { 200: { description: 'What was done', schema: Imported } },
    async handle({ params: { kind }, query: { dryRun }, body, identity, address }) {
      const files = [{ name: `${kind}.csv`, bytes: Buffer.from(body) }]
      const result = await importing(() => importNetwork(database, files, { timeZone: environment.TIME_ZONE, dryRun }))
      const shown = shownResult(result, dryRun)
      if (!dryRun) {
        const detail = `${shown.added} added, ${shown.changed} changed, ${shown.unchanged} unchanged`
        await access.recordAccess({ event: 'registry_imported', identity, address, subject: `${kind}.csv`, detail })
      }
      return { body: shown }
    },
  }),
]

async function importing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    throw badImport(error, ({ line, column }) =>
      ['body', ...(line === undefined ? [] : ['lines', line]), ...(column === undefined ? [] : [column])].join('.'),
    )
  }
}

function shownResult({ tables, activated, stillRejected, closed, ended }: ImportResult, dryRun: boolean) {
  const { added, changed, unchanged } = tables[0]!
  return {
    ...{ dryRun, added, changed, unchanged },
    activated: activated.slice(0, mostNamed),
    stillRejected: stillRejected.slice(0, mostNamed),
    closed: closed.slice(0, mostNamed).map(({ unit_id, device_id, valid_to }) => ({
      ...{ unitId: unit_id, deviceId: device_id, validTo: new Date(valid_to).toISOString() },
    })),
    ended: ended.slice(0, mostNamed).map(({ element, valid_to }) => ({
      ...{ element, validTo: new Date(valid_to).toISOString() },
    })),
  }
}
