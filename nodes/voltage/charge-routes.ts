import { Type } from '@sinclair/typebox'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { Instant, Name } from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badFields, faultOf } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { badImport } from '../../platform/network/change-registry.ts'
import { Faults, ImportError } from '../../platform/network/import/faults.ts'
import { recordPersonal } from '../../platform/network/personal-access.ts'
import { chargesFile, isWholeCents, mostEusdBrl, readCharges } from './charge-lines.ts'
import { listCharges, saveCharges, unknownUnits, type Charge } from './charge-repository.ts'
import { lockMeasurements } from './kept-window-repository.ts'
import { count, month, text, unitId } from './measurement-fields.ts'

const base = '/api/quality/voltage/charges'
const tag = 'voltage quality'
const mostAtOnce = 1_000
const chunk = 5_000

const ChargeSchema = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    month: Type.String({ description: 'YYYY-MM' }),
    eusdBrl: Type.Number({ description: 'Charge for the use of the distribution system (EUSD), R$' }),
    source: Type.String({ description: 'Where it comes from' }),
    changedBy: Type.String(),
    changedAt: Instant('When it was entered'),
  },
  { $id: 'UnitCharge' },
)
const Saved = Type.Object(
  {
    added: count('Charges that are new'),
    changed: count('Charges that were otherwise before'),
    unchanged: count('Charges that were so before'),
  },
  { $id: 'SavedCharges' },
)
const keys = new Keyset(Type.Object({ month: month('Of the last one'), unitId: Type.String() }))

/** What units are charged for the use of the distribution system: the base of every compensation. Tells of consumption. */
export const chargeRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  async function save(request: ApiRequest<unknown, unknown, unknown>, charges: readonly Charge[]) {
    const { identity, address } = request
    const saved = await database.transaction(async (client) => {
      await lockMeasurements(client)
      const sum = { added: 0, changed: 0 }
      for (let from = 0; from < charges.length; from += chunk) {
        const part = charges.slice(from, from + chunk)
        const { added, changed } = await saveCharges(client, part, identity!.username, platformClock.now())
        sum.added += added
        sum.changed += changed
      }
      return { ...sum, unchanged: charges.length - sum.added - sum.changed }
    })
    const detail = `${saved.added} added, ${saved.changed} changed, ${saved.unchanged} unchanged`
    await access.recordAccess({ event: 'charges_imported', identity, address, subject: 'EUSD', detail })
    return { body: saved }
  }
  const unknownAmong = (charges: readonly Charge[]) =>
    unknownUnits(database, [...new Set(charges.map(({ unitId }) => unitId))])

  return [
    defineRoute({
      method: 'POST',
      path: base,
      operationId: 'enterUnitCharges',
      summary: 'Enter what units are charged for the use of the distribution system (EUSD)',
      description:
        'All or nothing. A charge replaces the one of its unit and month; what was booked by that is corrected by the difference.',
      ...{ tag, right: 'administer' },
      body: Type.Object({
        items: Type.Array(
          Type.Object({
            unitId,
            month: month('Month that is charged'),
            eusdBrl: Type.Number({
              minimum: 0,
              maximum: mostEusdBrl,
              description: 'In whole cents, R$',
              examples: [100],
            }),
            source: text(200, 'Where it comes from', 'billing 2026-11'),
          }),
          { minItems: 1, maxItems: mostAtOnce },
        ),
      }),
      answers: { 200: { description: 'What was done', schema: Saved } },
      async handle(request) {
        const { items } = request.body
        const unknown = await unknownAmong(items)
        const seen = new Set<string>()
        const faults = items.flatMap(({ unitId, month, eusdBrl }, at) => {
          const key = `${unitId} ${month}`
          const isTwice = seen.has(key)
          seen.add(key)
          return [
            ...(unknown.has(unitId)
              ? [faultOf(`body.items.${at}.unitId`, unitId, 'must be a unit of the registry')]
              : []),
            ...(isWholeCents(eusdBrl) ? [] : [faultOf(`body.items.${at}.eusdBrl`, eusdBrl, 'must be in whole cents')]),
            ...(isTwice ? [faultOf(`body.items.${at}.month`, month, `must be given once for ${unitId}`)] : []),
          ]
        })
        if (faults.length > 0) throw badFields(faults.slice(0, 20))
        return save(request, items)
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/import`,
      operationId: 'importUnitCharges',
      summary: 'Import a file of charges (EUSD)',
      description:
        'CSV with a header (`unit_id, month, eusd_brl, source`), UTF-8, separated by comma, or by semicolon with a decimal comma. All or nothing: where a line is wrong, nothing is written, and every fault is told with its line.',
      ...{ tag, right: 'administer' },
      body: Type.String({
        description: 'The file',
        examples: ['unit_id,month,eusd_brl,source\nunit-001,2026-11,61.37,billing 2026-11\n'],
      }),
      bodyType: 'text/csv',
      maxBodyBytes: 16 * 1024 * 1024,
      answers: { 200: { description: 'What was done', schema: Saved } },
      async handle(request) {
        const lines = importing(() => readCharges(request.body))
        const unknown = await unknownAmong(lines)
        importing(() => {
          const faults = new Faults([chargesFile])
          for (const { line, unitId } of lines)
            if (unknown.has(unitId))
              faults.add({
                file: chargesFile,
                line,
                column: 'unit_id',
                value: unitId,
                problem: 'no unit of the registry',
              })
          faults.check()
        })
        return save(request, lines)
      },
    }),
    defineRoute({
      method: 'GET',
      path: base,
      operationId: 'listUnitCharges',
      summary: 'What units are charged for the use of the distribution system (EUSD)',
      description: 'Personal data, for it tells of consumption: every look at it is recorded in the access log.',
      ...{ tag, right: 'personal' },
      query: Type.Object({
        unitId: Type.Optional(unitId),
        month: Type.Optional(month('Month that is charged')),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'By month, the newest first, and by unit', schema: pageOf(ChargeSchema) } },
      csv: csvColumnsOf(ChargeSchema),
      async handle(request) {
        const { cursor, limit, ...filter } = request.query
        const rows = await listCharges(database, filter, { after: keys.after(cursor), limit: limit + 1 })
        const { items, nextCursor } = keys.page(rows, limit, ({ month, unitId }) => ({ month, unitId }))
        const units = items.map(({ unitId }) => unitId)
        await recordPersonal(access, request, 'consumption_read', units)
        const shown = items.map(({ changedAt, ...charge }) => ({
          ...{ ...charge, changedAt: new Date(changedAt).toISOString() },
        }))
        return { body: { items: shown, nextCursor } }
      },
    }),
  ]
}

/** @throws Problem 400 naming lines */
function importing<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    throw badImport(error, ({ line, column }) =>
      ['body', ...(line === undefined ? [] : ['lines', line]), ...(column === undefined ? [] : [column])].join('.'),
    )
  }
}
