import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { Instant, InstantParameter, Nullable, OneOf } from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, conflict, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { parseInstant } from '../../platform/wire/instant.ts'
import { voltageBands } from './domain/bands.ts'
import { courseOf } from './domain/measurement.ts'
import type { Calendar } from './domain/regularisation.ts'
import { invalidReasons, type VoltageWindow } from './domain/windows.ts'
import { countCorrections, lockMeasurements } from './kept-window-repository.ts'
import {
  instantOf,
  Instrument,
  MeasurementInFull,
  MeasurementSchema,
  quarter,
  quarterDay,
  serial,
  shownMeasurement,
  shownResult,
  text,
  unitId,
} from './measurement-fields.ts'
import {
  findMeasurement,
  listMeasurements,
  measurementKinds,
  measurementStatuses,
  measurementWindows,
  resultsOf,
  type Measurement,
} from './measurement-repository.ts'
import { abandonMeasurement } from './measurement-state-repository.ts'
import { scheduleMeasurement, type Scheduling } from './schedule-measurement.ts'

const base = '/api/quality/voltage/measurements'
const tag = 'voltage quality'
const params = Type.Object({ measurementId: serial('The measurement') })
const keys = new Keyset(Type.Object({ measurementId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }))

export const startsAt = Type.Optional(
  instantOf('Its start, a full ten minutes; the next one unless given', '2026-12-01T03:00:00Z'),
)
export const protocol = Type.Optional(text(100, 'Number of the complaint, the inspection or the draw', '2026-004711'))
export const standsAgainst = {
  description: 'What stands against it, as a measurement that is open or a calibration that is not in force',
}

const volts = (phase: string) => Nullable(Type.Number({ description: `RMS voltage of phase ${phase}, V` }))
const band = Nullable(OneOf(voltageBands, 'Where it lies'))
const KeptWindow = Type.Object(
  {
    start: Instant('Beginning of the ten minutes'),
    ...{ va_v: volts('A'), vb_v: volts('B'), vc_v: volts('C') },
    coverage: Type.Number({ description: 'Share of the window that readings cover, 0 to 1' }),
    ...{ bandA: band, bandB: band, bandC: band },
    invalid: Nullable(OneOf(invalidReasons, 'Why it does not count and is replaced')),
    evidence: Nullable(
      Type.Unsafe<object>(Type.Object({}, { additionalProperties: true, description: 'What shows it' })),
    ),
    counted: Type.Boolean({ description: 'Whether it is among those that make up the measurement' }),
  },
  { $id: 'KeptVoltageWindow' },
)

const ofResult = (name: keyof NonNullable<Measurement['result']>) => ({
  ...{ name, kind: 'number' as const },
  value: ({ result }: Pick<Measurement, 'result'>) => result?.[name],
})
const listColumns = [
  { name: 'measurementId', kind: 'number' as const },
  ...['unitId', 'kind', 'protocol', 'quarter', 'status', 'startsAt', 'reason'].map((name) => ({
    name,
    kind: 'text' as const,
  })),
  ...(['valid', 'invalid', 'nlp', 'nlc', 'drpPct', 'drcPct'] as const).map(ofResult),
]

/** Official measurements: scheduled, followed, abandoned, taken again, and every window that they rest on. */
export const measurementRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => {
  const calendar: Calendar = civilDaysIn(environment.TIME_ZONE)
  const record = (
    event: string,
    { identity, address }: ApiRequest<unknown, unknown, unknown>,
    id: number,
    detail: string,
  ) => access.recordAccess({ event, identity, address, subject: `voltage measurement ${id}`, detail })
  const scheduling = ({ identity }: ApiRequest<unknown, unknown, unknown>): Scheduling => ({
    ...{ database, calendar, now: platformClock.now(), by: identity!.username },
  })
  const found = async (measurementId: number): Promise<Measurement> => {
    const measurement = await findMeasurement(database, measurementId)
    if (!measurement) throw notFound('measurement', 'path.measurementId', measurementId)
    return measurement
  }

  return [
    defineRoute({
      method: 'POST',
      path: base,
      operationId: 'scheduleVoltageMeasurement',
      summary: 'Schedule an official measurement of a unit',
      description:
        'It runs by itself from its start until 1,008 windows are valid. Only one of a unit, and one with an instrument, is open at a time; the calibration must be in force at the start.',
      ...{ tag, right: 'operate' },
      body: Type.Object({
        unitId,
        kind: OneOf(measurementKinds, 'Why it is taken'),
        protocol,
        quarter: Type.Optional(quarter('Quarter that a sample is of; the one of its start unless given')),
        instrument: Instrument,
        startsAt,
      }),
      answers: { 201: { description: 'The measurement', schema: MeasurementSchema }, 409: standsAgainst },
      async handle(request) {
        const { unitId, kind, protocol = null, quarter, instrument } = request.body
        if (quarter !== undefined && kind !== 'sample')
          throw badField('body.quarter', quarter, `must not be given for a ${kind}: only a sample is of a quarter`)
        const starts = request.body.startsAt === undefined ? undefined : parseInstant(request.body.startsAt)
        const measurement = await scheduleMeasurement(scheduling(request), {
          ...{ unitId, kind, protocol, instrument, quarter: quarter && quarterDay(quarter), startsAt: starts },
        })
        await record('measurement_scheduled', request, measurement.measurementId, `${kind} of ${unitId}`)
        return created(measurement)
      },
    }),
    defineRoute({
      method: 'GET',
      path: base,
      operationId: 'listVoltageMeasurements',
      summary: 'Official measurements, the newest first',
      ...{ tag, right: 'read' },
      query: Type.Object({
        unitId: Type.Optional(unitId),
        kind: Type.Optional(OneOf(measurementKinds, 'Why it is taken')),
        status: Type.Optional(OneOf(measurementStatuses, 'Where it stands')),
        from: Type.Optional(InstantParameter('Starts not before this instant')),
        to: Type.Optional(InstantParameter('Starts not after this instant')),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Measurements, the newest first', schema: pageOf(MeasurementSchema) } },
      csv: listColumns,
      async handle({ query: { cursor, limit, ...filter } }) {
        const page = { before: keys.after(cursor)?.measurementId, limit: limit + 1 }
        const rows = await listMeasurements(database, filter, page)
        const { items, nextCursor } = keys.page(rows, limit, ({ measurementId }) => ({ measurementId }))
        return { body: { items: items.map(shownMeasurement), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/{measurementId}`,
      operationId: 'getVoltageMeasurement',
      summary: 'One measurement, how far it has come and what it came to',
      ...{ tag, right: 'read', params },
      answers: { 200: { description: 'The measurement', schema: MeasurementInFull } },
      async handle({ params: { measurementId } }) {
        const measurement = await found(measurementId)
        const [windows, versions, corrections] = await Promise.all([
          measurementWindows(database, measurementId),
          resultsOf(database, measurementId),
          countCorrections(database, measurementId),
        ])
        const progress = shownProgress(measurement, windows, calendar)
        const body = { ...shownMeasurement(measurement), progress, versions: versions.map(shownResult) }
        return { body: { ...body, corrections } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/{measurementId}/windows`,
      operationId: 'listVoltageMeasurementWindows',
      summary: 'Every window of a measurement, invalid and missing ones too',
      description: 'The copy that is kept with the measurement, for five years.',
      ...{ tag, right: 'read', params },
      answers: {
        200: {
          description: 'Windows, oldest first',
          schema: Type.Object({ measurementId: Type.Integer(), windows: Type.Array(KeptWindow) }),
        },
      },
      csv: csvColumnsOf(KeptWindow),
      async handle({ params: { measurementId }, format }) {
        const measurement = await found(measurementId)
        const windows = shownWindows(measurement, await measurementWindows(database, measurementId), calendar)
        return format === 'csv' ? { rows: windows } : { body: { measurementId, windows } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/{measurementId}/abandon`,
      operationId: 'abandonVoltageMeasurement',
      summary: 'Abandon a measurement that is not complete',
      ...{ tag, right: 'operate', params },
      body: Type.Object({ reason: text(500, 'Why', 'the instrument was taken away') }),
      answers: {
        200: { description: 'The measurement', schema: MeasurementSchema },
        409: { description: 'It is over already' },
      },
      async handle(request) {
        const { measurementId } = request.params
        const { reason } = request.body
        const { status } = await found(measurementId)
        const done = await database.transaction(async (client) => {
          await lockMeasurements(client)
          const by = request.identity!.username
          return abandonMeasurement(client, measurementId, { reason, by, at: platformClock.now() })
        })
        if (!done)
          throw conflict(`measurement ${measurementId} is ${status}: only one that is not over can be abandoned`)
        await record('measurement_abandoned', request, measurementId, reason)
        return { body: shownMeasurement(await found(measurementId)) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${base}/{measurementId}/retake`,
      operationId: 'retakeVoltageMeasurement',
      summary: 'Take a measurement again that was abandoned',
      description:
        'Of the same unit, of the same kind and for the same quarter; with the same instrument unless another is given.',
      ...{ tag, right: 'operate', params },
      body: Type.Object({ instrument: Type.Optional(Instrument), startsAt }),
      answers: { 201: { description: 'The new measurement', schema: MeasurementSchema }, 409: standsAgainst },
      async handle(request) {
        const before = await found(request.params.measurementId)
        const { measurementId, unitId, kind, protocol, quarter, status } = before
        if (status !== 'abandoned')
          throw conflict(`measurement ${measurementId} is ${status}: one that was abandoned is taken again`)
        const { instrument = instrumentOf(before), startsAt } = request.body
        const measurement = await scheduleMeasurement(scheduling(request), {
          ...{ unitId, kind, protocol, instrument, retakeOf: measurementId, quarter: quarter ?? undefined },
          startsAt: startsAt === undefined ? undefined : parseInstant(startsAt),
        })
        await record('measurement_scheduled', request, measurement.measurementId, `retake of ${measurementId}`)
        return created(measurement)
      },
    }),
  ]
}

export const created = (measurement: Measurement) => ({
  status: 201,
  headers: { Location: `${base}/${measurement.measurementId}` },
  body: shownMeasurement(measurement),
})

export const instrumentOf = ({
  instrumentClass,
  serial,
  calibratedOn,
  calibrationValidUntil,
  deviceId,
  portable,
}: Measurement) => ({
  ...{ class: instrumentClass, serial, calibratedOn, calibrationValidUntil, ...(portable && { deviceId }) },
})

function shownProgress({ startsAt, takenUntil }: Measurement, windows: readonly VoltageWindow[], calendar: Calendar) {
  const course = courseOf(windows, startsAt, calendar.dayOf(startsAt))
  const { valid, invalid, precarious, critical, nlp, nlc, drpPct, drcPct, drpViolated, drcViolated } = course
  return {
    ...{
      valid,
      invalid,
      precarious,
      critical,
      nlp,
      nlc,
      drpPct,
      drcPct,
      drpViolated,
      drcViolated,
      needed: course.needed,
    },
    budget: {
      precarious: { used: nlp, allowed: course.allowed.precarious },
      critical: { used: nlc, allowed: course.allowed.critical },
    },
    knownUntil: new Date(takenUntil).toISOString(),
    expectedEnd: new Date(course.expectedEnd).toISOString(),
  }
}

function shownWindows({ startsAt }: Measurement, windows: readonly VoltageWindow[], calendar: Calendar) {
  const { end } = courseOf(windows, startsAt, calendar.dayOf(startsAt))
  return windows.map(({ start, volts, coverage, bands, invalid }) => ({
    start: new Date(start).toISOString(),
    ...{ va_v: volts[0], vb_v: volts[1], vc_v: volts[2], coverage, bandA: bands[0], bandB: bands[1], bandC: bands[2] },
    ...{ invalid: invalid?.reason ?? null, evidence: invalid?.evidence ?? null, counted: !invalid && start < end },
  }))
}
