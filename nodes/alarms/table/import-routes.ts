import { Type } from '@sinclair/typebox'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { afterChange, effectiveTable, type TableChange } from '../domain/table-overrides.ts'
import { changeTable, tryChange } from './change-table.ts'
import { importOf } from './import-table.ts'
import { storedTable } from './stored-table.ts'
import { changing } from './table-audit.ts'
import { columnNames } from './table-csv.ts'
import { tableDifferences } from './table-differences.ts'
import { Difference } from './table-fields.ts'
import { changeAnswers, changed, tablePath, tag } from './table-parameters.ts'

const example = 'area,kind\r\n'

/** The whole master alarm table out of a file. */
export const importRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: `${tablePath}/import`,
    operationId: 'importAlarmTable',
    summary: 'Make the master alarm table what a file says',
    description: `CSV with a header (\`${columnNames.join(', ')}\`), UTF-8, separated by comma, or by semicolon with a decimal comma: as it is exported. The whole table stands in it: an entry that is not there is taken back, and one that is shipped must not be missing. All or nothing: where a line is wrong nothing is changed, and every fault is told with its line and column. The same file again changes nothing. With \`dryRun\` it says what would change, and changes nothing.`,
    ...{ tag, right: 'configure-alarms' as const, refusesItself: true as const },
    query: Type.Object({
      ...changed,
      dryRun: Type.Optional(Type.Boolean({ description: 'Only say what would change', default: false })),
    }),
    body: Type.String({ description: 'The file', examples: [example] }),
    bodyType: 'text/csv',
    maxBodyBytes: 16 * 1024 * 1024,
    answers: {
      200: {
        description: 'What was changed, or would be',
        schema: Type.Object({
          version: Type.Integer({ description: 'The newest version now' }),
          dryRun: Type.Boolean(),
          changes: Type.Array(Difference),
        }),
      },
      ...changeAnswers,
    },
    async handle(request) {
      const { version: base, reason, dryRun = false } = request.query
      const { version, change } = await changing(
        access,
        request,
        {
          ...{ subject: `alarm table${dryRun ? ' (dry run)' : ''}`, base, reason },
          placeOf: ({ of, field }) => `${of}.${field}`,
        },
        async (by) => {
          const { decide, byLine } = importOf(Buffer.from(request.body))
          return byLine(async () =>
            dryRun
              ? { version: base, change: await tryChange(database, base, decide) }
              : changeTable(database, base, by, decide),
          )
        },
      )
      const { table, overrides, given } = await storedTable(database, base)
      const after = effectiveTable(version, afterChange(overrides, change), [...given.values()])
      return { body: { version, dryRun, changes: [...tableDifferences(table, after, namedIn(change))] } }
    },
  }),
]

const namedIn = ({ definitions }: TableChange) =>
  [...definitions.keys()].toSorted().map((key) => ({ kind: 'entry' as const, key }))
