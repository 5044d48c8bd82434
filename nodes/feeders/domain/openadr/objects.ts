import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { showValue } from '../../../../platform/wire/show-value.ts'
import { durationPattern } from './duration.ts'

/**
 * What a VTN says, as the OpenAPI document of OpenADR 3.1.0 names and shapes it (Definition, "Information Model"). Beyond that there are
 * bounds of our own; what it does not know is let through ("Extensibility, Model Extension"). Optional fields may be null ("Required
 * and optional properties").
 */
const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const text = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000\\uD800-\\uDFFF]*$' })
const name = Type.String({ minLength: 1, maxLength: 128, pattern: '^[^\\u0000\\uD800-\\uDFFF]*$' })

/** `objectID`: what fits into a path. */
export const objectIdPattern = '^[A-Za-z0-9_-]{1,128}$'
const ObjectId = Type.String({ pattern: objectIdPattern })
const Duration = Type.String({ maxLength: 40, pattern: durationPattern })
const metadata = { id: ObjectId, createdDateTime: optional(text(40)), modificationDateTime: optional(text(40)) }

const IntervalPeriod = Type.Object({
  start: optional(text(40)),
  duration: optional(Duration),
  randomizeStart: optional(Duration),
})
const Point = Type.Object({ x: Type.Number(), y: Type.Number() })
const ValuesMap = Type.Object({
  type: name,
  values: Type.Array(Type.Union([Type.Number(), Type.Boolean(), text(4_096), Point]), { maxItems: 2_000 }),
})
const Targets = Type.Array(name, { maxItems: 1_000 })
const PayloadDescriptor = Type.Object({ payloadType: name, units: optional(text(40)), currency: optional(text(40)) })
const ReportDescriptor = Type.Object({
  payloadType: name,
  aggregate: optional(Type.Boolean()),
  historical: optional(Type.Boolean()),
})
const Interval = Type.Object({
  id: Type.Integer(),
  intervalPeriod: optional(IntervalPeriod),
  payloads: Type.Array(ValuesMap, { maxItems: 50 }),
})

const Program = Type.Object({
  ...metadata,
  programName: name,
  payloadDescriptors: optional(Type.Array(PayloadDescriptor, { maxItems: 100 })),
  attributes: optional(Type.Array(ValuesMap, { maxItems: 100 })),
  targets: optional(Targets),
})
const Event = Type.Object({
  ...metadata,
  programID: ObjectId,
  eventName: optional(text(1_000)),
  duration: optional(Duration),
  priority: optional(Type.Integer({ minimum: 0 })),
  targets: optional(Targets),
  reportDescriptors: optional(Type.Array(ReportDescriptor, { maxItems: 100 })),
  payloadDescriptors: optional(Type.Array(PayloadDescriptor, { maxItems: 100 })),
  intervalPeriod: optional(IntervalPeriod),
  intervals: optional(Type.Array(Interval, { maxItems: 2_000 })),
})
/** Of a `ven` and of a `resource`, what says which programs and events may be asked for. */
const Granted = Type.Object({ id: ObjectId, targets: optional(Targets) })
const Report = Type.Object({ id: ObjectId, reportName: optional(text(1_000)), clientName: optional(text(1_000)) })
/** `clientCredentialResponse`, RFC 6749, 4.4.3. */
const Token = Type.Object({
  access_token: Type.String({ minLength: 1, maxLength: 16_384, pattern: '^[\\x21-\\x7E]+$' }),
  token_type: Type.String({ pattern: '^[Bb][Ee][Aa][Rr][Ee][Rr]$' }),
  expires_in: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9 })),
})
const AuthServer = Type.Object({ tokenURL: Type.String({ maxLength: 2_000 }) })

export type VtnProgram = Static<typeof Program>
export type VtnEvent = Static<typeof Event>
export type VtnInterval = Static<typeof Interval>
export type VtnPayload = Static<typeof ValuesMap>
export type VtnPayloadDescriptor = Static<typeof PayloadDescriptor>

/** What a VTN said that its schema does not allow: it names field and value. */
export class BadObject extends Error {
  override readonly name = 'BadObject'
}

/** @returns a reader that passes on what the schema allows, @throws BadObject for anything else */
function readerOf<T extends TSchema>(schema: T): (value: unknown) => Static<T> {
  let validate: ValidateFunction<Static<T>> | undefined
  return (value) => {
    validate ??= ajv.compile<Static<T>>(schema)
    if (validate(value)) return value
    throw new BadObject(faultOf(validate.errors!))
  }
}
const ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true })

export const readProgram = readerOf(Program)
export const readEvent = readerOf(Event)
export const readGranted = readerOf(Granted)
export const readReport = readerOf(Report)
export const readToken = readerOf(Token)
export const readAuthServer = readerOf(AuthServer)

/** The first fault in words. A field that may be null reports that it is not null, too: the other fault says more. */
export function faultOf(errors: readonly ErrorObject[]): string {
  const said = (error: ErrorObject): boolean => error.keyword !== 'anyOf' && error.params['type'] !== 'null'
  const { keyword, instancePath, params, data, message } = errors.find(said) ?? errors[0]!
  const field = instancePath.slice(1).replaceAll('/', '.')
  if (keyword === 'required') return `${field === '' ? '' : `${field}.`}${String(params['missingProperty'])} is missing`
  return `${field === '' ? 'it' : field} is ${showValue(data)}: it ${message ?? 'is not allowed'}`
}
