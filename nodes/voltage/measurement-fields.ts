import { Type } from '@sinclair/typebox'
import { IdentifierParameter, Instant, instantOrNull, Name, Nullable, OneOf } from '../../platform/http/fields.ts'
import {
  instrumentClasses,
  measurementKinds,
  measurementStatuses,
  type Measurement,
  type MeasurementResult,
} from './measurement-repository.ts'

/** What several routes of measurements, cases and money say in the same words. */

export const text = (maxLength: number, description: string, example: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
    description,
    examples: [example],
  })
const day = (description: string, example: string) =>
  Type.String({ format: 'date', pattern: '^(19|20|21)', description, examples: [example] })
export const month = (description: string) =>
  Type.String({ pattern: '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$', description, examples: ['2026-11'] })
export const quarter = (description: string) =>
  Type.String({ pattern: '^(19|20|21)[0-9]{2}-Q[1-4]$', description, examples: ['2026-Q4'] })
export const serial = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 2_147_483_647, description, examples: [17] })
export const count = (description: string) => Type.Integer({ minimum: 0, description })
export const unitId = IdentifierParameter('The consumer unit', 'unit-001')
export const instantOf = (description: string, example: string) =>
  Type.String({ format: 'date-time', description, examples: [example] })

/** `2026-10-01` and `2026-Q4`. */
export const quarterName = (firstDay: string): string =>
  `${firstDay.slice(0, 4)}-Q${(Number(firstDay.slice(5, 7)) + 2) / 3}`
export const quarterDay = (name: string): string =>
  `${name.slice(0, 4)}-${String(Number(name.slice(6)) * 3 - 2).padStart(2, '0')}-01`

export const Instrument = Type.Object(
  {
    class: OneOf(instrumentClasses, 'Of IEC 61000-4-30'),
    serial: text(100, 'Serial number', 'AQ-2041'),
    calibratedOn: day('Day of its calibration', '2026-03-10'),
    calibrationValidUntil: day('Last day on which the calibration is good', '2028-03-10'),
    deviceId: Type.Optional(
      IdentifierParameter(
        'A portable instrument, by its device; the meter that the unit has unless given',
        'analyser-01',
      ),
    ),
  },
  {
    examples: [{ class: 'A', serial: 'AQ-2041', calibratedOn: '2026-03-10', calibrationValidUntil: '2028-03-10' }],
  },
)

const perPhase = (description: string) =>
  Type.Array(Nullable(Type.Integer({ minimum: 0 })), { minItems: 3, maxItems: 3, description })
const percentages = {
  nlp: count('Windows in the precarious band, of the phase with most'),
  nlc: count('Windows in the critical band, of the phase with most'),
  drpPct: Type.Number({ description: 'nlp of all windows of a measurement (1,008), %, not rounded' }),
  drcPct: Type.Number({ description: 'nlc of all windows of a measurement (1,008), %, not rounded' }),
  drpViolated: Type.Boolean({ description: 'DRP is above its limit' }),
  drcViolated: Type.Boolean({ description: 'DRC is above its limit' }),
}
const counts = {
  valid: count('Windows that count'),
  invalid: count('Windows that do not, and are replaced'),
  precarious: perPhase('Windows in the precarious band, by phase A, B, C'),
  critical: perPhase('Windows in the critical band, by phase A, B, C'),
  ...percentages,
}

const Result = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: 'Corrections of windows add a version; the newest holds' }),
    computedAt: Instant('When it was computed'),
    endedAt: Instant('End of the last window that counts'),
    ...counts,
  },
  { $id: 'VoltageMeasurementResult' },
)

const measurementFields = {
  measurementId: serial('The measurement'),
  unitId: Name('The consumer unit', 'unit-001'),
  kind: OneOf(measurementKinds, 'Why it is taken'),
  protocol: Nullable(Type.String({ description: 'Number of the complaint, the inspection or the draw' })),
  quarter: Nullable(Type.String({ description: 'Quarter that a sample is of' })),
  instrument: Type.Object({
    class: OneOf(instrumentClasses, 'Of IEC 61000-4-30'),
    serial: Type.String(),
    calibratedOn: Type.String(),
    calibrationValidUntil: Type.String(),
    deviceId: Type.String({ description: 'The device whose readings are taken' }),
    portable: Type.Boolean({ description: 'false: the meter that the unit has' }),
  }),
  referenceV: Type.Number({ description: 'Reference voltage, V' }),
  phases: Type.String({ description: 'Phases that are measured' }),
  startsAt: Instant('Its start'),
  givesUpAt: Instant('Not complete by then, it is to be taken again'),
  status: OneOf(measurementStatuses, 'Where it stands'),
  shortBy: count('Valid windows that corrections took from a complete one, not replaced yet'),
  reason: Nullable(Type.String({ description: 'Why it was abandoned' })),
  retakeOf: Nullable(Type.Integer({ description: 'The measurement that it takes again' })),
  retakenBy: Nullable(Type.Integer({ description: 'The measurement that takes it again' })),
  scheduledBy: Type.String(),
  scheduledAt: Instant('When it was scheduled'),
  abandonedBy: Nullable(Type.String({ description: 'null: by nobody, or it was given up' })),
  abandonedAt: Nullable(Instant('When it was abandoned')),
  result: Nullable(Result),
}
export const MeasurementSchema = Type.Object(measurementFields, { $id: 'VoltageMeasurement' })

export const MeasurementInFull = Type.Object(
  {
    ...measurementFields,
    progress: Type.Object(
      {
        ...counts,
        needed: count('Valid windows that make it complete'),
        budget: Type.Object(
          {
            precarious: Type.Object({ used: count('nlp'), allowed: count('What DRP allows') }),
            critical: Type.Object({ used: count('nlc'), allowed: count('What DRC allows') }),
          },
          { description: 'Windows that may be precarious and critical before a limit is broken' },
        ),
        knownUntil: Instant('Windows that begin before have been looked at'),
        expectedEnd: Instant('Its end, if from now on every window is valid'),
      },
      { description: 'How far it has come' },
    ),
    versions: Type.Array(Result, { description: 'All versions of the result, the first one first' }),
    corrections: count('Windows that came to be otherwise after they had counted in a result'),
  },
  { $id: 'VoltageMeasurementInFull' },
)

const iso = (instant: number): string => new Date(instant).toISOString()

export const shownResult = ({ computedAt, endedAt, ...result }: MeasurementResult) => ({
  ...result,
  ...{ computedAt: iso(computedAt), endedAt: iso(endedAt) },
})

export function shownMeasurement(measurement: Measurement) {
  const { instrumentClass, serial, calibratedOn, calibrationValidUntil, deviceId, portable } = measurement
  const { measurementId, unitId, kind, protocol, quarter, referenceV, phases, status, shortBy } = measurement
  const { reason, retakeOf, retakenBy, scheduledBy, abandonedBy, result } = measurement
  return {
    ...{ measurementId, unitId, kind, protocol, quarter: quarter && quarterName(quarter) },
    instrument: { class: instrumentClass, serial, calibratedOn, calibrationValidUntil, deviceId, portable },
    ...{ referenceV, phases, startsAt: iso(measurement.startsAt), givesUpAt: iso(measurement.givesUpAt) },
    ...{ status, shortBy, reason, retakeOf, retakenBy, scheduledBy, scheduledAt: iso(measurement.scheduledAt) },
    ...{ abandonedBy, abandonedAt: instantOrNull(measurement.abandonedAt), result: result && shownResult(result) },
  }
}
