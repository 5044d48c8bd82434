import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { Instant, instantOrNull, Name, Nullable, OneOf } from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { conflict, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { parseInstant } from '../../platform/wire/instant.ts'
import {
  caseStatuses,
  findCase,
  insertWork,
  listCases,
  resultsOfUnit,
  worksOfUnit,
  type CaseWork,
  type VoltageCase,
} from './case-repository.ts'
import { listCompensation } from './compensation-repository.ts'
import { violationsOf } from './domain/regularisation.ts'
import { lockMeasurements } from './kept-window-repository.ts'
import { instantOf, Instrument, MeasurementSchema, serial, text, unitId } from './measurement-fields.ts'
import { findMeasurement } from './measurement-repository.ts'
import { created, instrumentOf, protocol, standsAgainst, startsAt } from './measurement-routes.ts'
import { CompensationSchema, shownLine } from './money-fields.ts'
import { scheduleMeasurement } from './schedule-measurement.ts'

const base = '/api/quality/voltage/cases'
const tag = 'voltage quality'
const params = Type.Object({ caseId: serial('The case') })
const keys = new Keyset(Type.Object({ caseId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }))

const dueOn = (indicator: string) =>
  Nullable(Type.String({ description: `Day by which ${indicator} is to be put right; null: it was not violated` }))
const caseFields = {
  caseId: serial('The case'),
  unitId: Name('The consumer unit', 'unit-001'),
  status: OneOf(caseStatuses, 'void: a correction took away what had opened it'),
  openedBy: Type.Integer({ description: 'The measurement that found the violation' }),
  openedAt: Instant('Its end'),
  ...{ drpDueOn: dueOn('DRP'), drcDueOn: dueOn('DRC') },
  overdue: Type.Boolean({ description: 'It is open, and a deadline has passed' }),
  closedBy: Nullable(Type.Integer({ description: 'The measurement that complied' })),
  closedAt: Nullable(Instant('When the violation ended; null while it lasts')),
}
const Work = Type.Object(
  {
    workId: Type.Integer(),
    doneAt: Instant('When it was done'),
    what: Type.String({ description: 'What was done' }),
    doneBy: Type.String({ description: 'By whom' }),
    enteredBy: Type.String({ description: 'The user who entered it' }),
    enteredAt: Instant('When it was entered'),
  },
  { $id: 'VoltageCaseWork' },
)
const CaseSchema = Type.Object(caseFields, { $id: 'VoltageCase' })
const CaseInFull = Type.Object(
  {
    ...caseFields,
    choices: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
      description:
        'What held, when it was opened, of the options where the norm is uncertain: what is due goes by it to the end',
    }),
    measurements: Type.Array(Type.Integer(), {
      description: 'Those that found the violation, and the one that complied',
    }),
    works: Type.Array(Work),
    compensation: Type.Array(CompensationSchema, { description: 'What was booked, and what waits' }),
    compensationBrl: Type.Number({ description: 'Sum of `deltaBrl` of these lines, R$' }),
  },
  { $id: 'VoltageCaseInFull' },
)
const mostLines = 10_000

/** Violations to be put right: what is to be done by when, what was done, and what it costs until then. */
export const caseRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => {
  const calendar = civilDaysIn(environment.TIME_ZONE)
  const today = (): string => calendar.dayOf(platformClock.now())
  const found = async (caseId: number): Promise<VoltageCase> => {
    const one = await findCase(database, caseId)
    if (!one) throw notFound('case', 'path.caseId', caseId)
    return one
  }
  async function inFull(one: VoltageCase) {
    const [works, lines, results] = await Promise.all([
      worksOfUnit(database, one.unitId),
      listCompensation(database, { caseId: one.caseId }, { limit: mostLines }),
      resultsOfUnit(database, one.unitId),
    ])
    const violation = violationsOf(results).find(({ opening }) => opening.measurementId === one.openedBy)
    const measurements = violation ? [...violation.violating, ...(violation.closing ? [violation.closing] : [])] : []
    const cents = lines.reduce((sum, { deltaBrl }) => sum + Math.round((deltaBrl ?? 0) * 100), 0)
    return {
      ...shownCase(one, today()),
      choices: one.choices,
      measurements: measurements.map(({ measurementId }) => measurementId),
      works: works.filter(({ caseId }) => caseId === one.caseId).map(shownWork),
      ...{ compensation: lines.map(shownLine), compensationBrl: cents / 100 },
    }
  }

  return [
    defineRoute({
      method: 'GET',
      path: base,
      operationId: 'listVoltageCases',
      summary: 'Violations to be put right, the newest first',
      ...{ tag, right: 'read' },
      query: Type.Object({
        unitId: Type.Optional(unitId),
        status: Type.Optional(OneOf(caseStatuses, 'Where it stands')),
        overdue: Type.Boolean({ default: false, description: 'Only open ones of which a deadline has passed' }),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Cases, the newest first', schema: pageOf(CaseSchema) } },
      csv: csvColumnsOf(CaseSchema),
      async handle({ query: { cursor, limit, overdue, ...filter } }) {
        const page = { before: keys.after(cursor)?.caseId, limit: limit + 1 }
        const rows = await listCases(database, { ...filter, overdueOn: overdue ? today() : undefined }, page)
        const { items, nextCursor } = keys.page(rows, limit, ({ caseId }) => ({ caseId }))
        return { body: { items: items.map((one) => shownCase(one, today())), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/{caseId}`,
      operationId: 'getVoltageCase',
      summary: 'One case, with what was measured, done and booked',
      ...{ tag, right: 'read', params },
      answers: { 200: { description: 'The case', schema: CaseInFull } },
      handle: async ({ params: { caseId } }) => ({ body: await inFull(await found(caseId)) }),
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/{caseId}/works`,
      operationId: 'enterVoltageCaseWork',
      summary: 'Say what was done to put a violation right',
      description: 'The violation ends when a measurement complies. Entered twice, it stands there once.',
      ...{ tag, right: 'operate', params },
      body: Type.Object({
        doneAt: instantOf('When it was done', '2026-11-20T14:00:00Z'),
        what: text(1_000, 'What was done; no personal data', 'Transformer TR-12 replaced by one of 75 kVA, tap at 2'),
        doneBy: text(200, 'By whom: crew or firm', 'Crew 7'),
      }),
      answers: {
        201: { description: 'The case', schema: CaseInFull },
        409: { description: 'The case is void, or the work not done yet' },
      },
      async handle(request) {
        const { caseId } = request.params
        const one = await found(caseId)
        const { doneAt: written, what, doneBy } = request.body
        const [doneAt, now] = [parseInstant(written)!, platformClock.now()]
        if (one.outcome === 'void') throw conflict(`case ${caseId} is void: nothing is to be put right`)
        if (doneAt > now) throw conflict(`doneAt is ${written}: what was done lies in the past`)
        if (doneAt < one.openedAt)
          throw conflict(
            `doneAt is ${written}: that was before ${new Date(one.openedAt).toISOString()}, when the violation was found`,
          )
        const { identity, address } = request
        await database.transaction(async (client) => {
          await lockMeasurements(client)
          await insertWork(client, { caseId, doneAt, what, doneBy, enteredBy: identity!.username, enteredAt: now })
        })
        await access.recordAccess({ event: 'case_work_entered', identity, address, subject: `voltage case ${caseId}` })
        return { status: 201, headers: { Location: `${base}/${caseId}` }, body: await inFull(await found(caseId)) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/{caseId}/remeasurement`,
      operationId: 'remeasureVoltageCase',
      summary: 'Schedule the measurement that shows whether a violation was put right',
      description:
        'With the instrument of the one that found it unless another is given. When it complies, the case closes by itself.',
      ...{ tag, right: 'operate', params },
      body: Type.Object({ protocol, instrument: Type.Optional(Instrument), startsAt }),
      answers: { 201: { description: 'The measurement', schema: MeasurementSchema }, 409: standsAgainst },
      async handle(request) {
        const { caseId } = request.params
        const { outcome, openedBy, unitId } = await found(caseId)
        if (outcome !== null) throw conflict(`case ${caseId} is ${outcome}: only an open one is measured again`)
        const opening = (await findMeasurement(database, openedBy))!
        const { instrument = instrumentOf(opening), protocol = opening.protocol, startsAt } = request.body
        const { identity, address } = request
        const measurement = await scheduleMeasurement(
          { database, calendar, now: platformClock.now(), by: identity!.username },
          {
            // A sample is drawn once a quarter.
            ...{ unitId, protocol, instrument, kind: opening.kind === 'sample' ? 'inspection' : opening.kind },
            startsAt: startsAt === undefined ? undefined : parseInstant(startsAt),
          },
        )
        const subject = `voltage measurement ${measurement.measurementId}`
        await access.recordAccess({
          event: 'measurement_scheduled',
          identity,
          address,
          subject,
          detail: `of case ${caseId}`,
        })
        return created(measurement)
      },
    }),
  ]
}

function shownCase(one: VoltageCase, today: string) {
  const { caseId, unitId, openedBy, openedAt, drpDueOn, drcDueOn, closedBy, closedAt, outcome } = one
  const isOverdue = [drpDueOn, drcDueOn].some((day) => day !== null && day < today)
  return {
    ...{ caseId, unitId, status: outcome ?? ('open' as const), openedBy, openedAt: new Date(openedAt).toISOString() },
    ...{ drpDueOn, drcDueOn, overdue: outcome === null && isOverdue, closedBy, closedAt: instantOrNull(closedAt) },
  }
}

const shownWork = ({ workId, doneAt, what, doneBy, enteredBy, enteredAt }: CaseWork) => ({
  ...{ workId, doneAt: new Date(doneAt).toISOString(), what, doneBy, enteredBy },
  enteredAt: new Date(enteredAt).toISOString(),
})
