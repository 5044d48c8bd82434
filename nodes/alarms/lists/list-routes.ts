import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import { alarmStates, isUnacknowledgedState, priorities } from '../domain/alarm.ts'
import { alarmColumns, AlarmSchema, shownAlarm, stateLetters, tag } from './alarm-fields.ts'
import { alarmFilterOf, alarmQuery } from './alarm-filter.ts'
import {
  alarmKeyOf,
  alarmOrders,
  countAlarms,
  evidenceOfAlarm,
  findAlarm,
  listAlarms,
  type AlarmCount,
} from './alarm-repository.ts'
import { askedScope, responsibilityAnswers, responsibilityQuery, type ListServices } from './list-services.ts'

const keys = new Keyset(Type.Object({ priority: OneOf(priorities, ''), at: instantKey, alarmId: serialKey }))
const counts = <T extends string>(names: readonly T[], description: string) =>
  Type.Object(Object.fromEntries(names.map((name) => [name, Type.Integer()])), { description })
const Summary = Type.Object(
  {
    at: Instant('Of this'),
    alarms: Type.Integer({ description: 'Alarms that fit' }),
    unacknowledged: Type.Integer({ description: 'Those of them that wait for an acknowledgement' }),
    byState: counts(stateLetters, 'By letter of ISA-18.2'),
    byPriority: counts(priorities, 'By priority'),
    counts: Type.Array(
      Type.Object({
        state: OneOf(stateLetters, 'Letter of ISA-18.2'),
        stateName: OneOf(Object.values(alarmStates), 'Its name'),
        priority: OneOf(priorities, 'Priority'),
        alarms: Type.Integer(),
      }),
      { description: 'By both, where there are any' },
    ),
  },
  { $id: 'AlarmSummary' },
)
const InFull = Type.Object(
  {
    ...AlarmSchema.properties,
    evidence: Nullable(Type.Unknown({ description: 'What the condition showed' })),
  },
  { $id: 'AlarmInFull' },
)
const description =
  'Of ISA-18.2: unacknowledged (B), acknowledged (C), returned to normal and unacknowledged (D), latched (E, F), shelved (G), suppressed by design or explained by another alarm (H), out of service (I). An alarm that others are explained by counts them as `members`; they are listed with `rootAlarmId`, or with `grouped=false`.'

/** Alarms that stand: listed, counted, and one in full. */
export const listRoutes = (services: ListServices): readonly ApiRoute[] => {
  const { database, timeZone, masterTable } = services
  const showing = async () => ({ table: await masterTable(), timeZone, now: platformClock.now() })
  return [
    defineRoute({
      method: 'GET',
      path: '/api/alarms',
      operationId: 'listAlarms',
      summary: 'Alarms that stand, the most important first',
      description,
      ...{ tag, right: 'read' },
      query: Type.Object({
        ...alarmQuery,
        ...responsibilityQuery,
        order: Type.Unsafe<(typeof alarmOrders)[number]>(
          Type.String({
            enum: [...alarmOrders],
            default: 'priority',
            description:
              '`priority`: the highest first, of one priority the one that changed last; `newest`: the one that changed last first; `oldest`: the one that stands longest first',
          }),
        ),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Alarms', schema: pageOf(AlarmSchema) }, ...responsibilityAnswers },
      csv: alarmColumns,
      async handle({ query: { cursor, limit, order, mine, responsibility, ...query }, identity }) {
        const filter = alarmFilterOf(query, await askedScope(database, { mine, responsibility }, identity))
        const rows = await listAlarms(database, filter, order, { after: keys.after(cursor), limit: limit + 1 })
        const { items, nextCursor } = keys.page(rows, limit, (row) => alarmKeyOf(row, order))
        const shown = await showing()
        return { body: { items: items.map((row) => shownAlarm(row, shown)), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/alarms/summary',
      operationId: 'summarizeAlarms',
      summary: 'How many alarms stand, by state and priority',
      ...{ tag, right: 'read' },
      query: Type.Object({ ...alarmQuery, ...responsibilityQuery }),
      answers: { 200: { description: 'Counts', schema: Summary }, ...responsibilityAnswers },
      async handle({ query: { mine, responsibility, ...query }, identity }) {
        const filter = alarmFilterOf(query, await askedScope(database, { mine, responsibility }, identity))
        return { body: summaryOf(await countAlarms(database, filter), platformClock.now()) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/alarms/{alarmId}',
      operationId: 'getAlarm',
      summary: 'One alarm, in full',
      ...{ tag, right: 'read' },
      params: Type.Object({ alarmId: Type.Integer({ minimum: 1, maximum: 1e15, examples: [1] }) }),
      answers: { 200: { description: 'The alarm', schema: InFull } },
      async handle({ params: { alarmId } }) {
        const found = await findAlarm(database, alarmId)
        if (!found) throw notFound('alarm', 'path.alarmId', alarmId)
        return { body: { ...shownAlarm(found, await showing()), evidence: await evidenceOfAlarm(database, alarmId) } }
      },
    }),
  ]
}

function summaryOf(found: readonly AlarmCount[], now: number) {
  const sum = (rows: readonly AlarmCount[]): number => rows.reduce((total, { alarms }) => total + alarms, 0)
  const by = <T extends string>(names: readonly T[], nameOf: (row: AlarmCount) => T) =>
    Object.fromEntries(names.map((name) => [name, sum(found.filter((row) => nameOf(row) === name))]))
  return {
    at: new Date(now).toISOString(),
    alarms: sum(found),
    unacknowledged: sum(found.filter(({ state }) => isUnacknowledgedState(state))),
    byState: by(stateLetters, ({ state }) => state),
    byPriority: by(priorities, ({ priority }) => priority),
    counts: found.map((row) => ({ ...row, stateName: alarmStates[row.state] })),
  }
}
