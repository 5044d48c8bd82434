import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { TypeGuard, type TSchema } from '@sinclair/typebox'
import { parseInstant } from '../wire/instant.ts'
import { readInstants, readParameters, type WrittenParameters } from './parameters.ts'
import { badFields, faultOf, type FieldFault } from './problem.ts'
import type { ApiRoute } from './route.ts'
import { closed, type JsonSchema } from './schemas.ts'
import { unstorable } from './unstorable.ts'

/** A request's parts as they arrived. */
export interface WrittenRequest {
  readonly path: WrittenParameters
  readonly query: WrittenParameters
  readonly body: unknown
  /** Bytes of the body. */
  readonly bodyBytes: number
}

type Checked = { readonly params: unknown; readonly query: unknown; readonly body: unknown }

const options = { useDefaults: true, strict: false, verbose: true } as const
const thorough = withFormats(new Ajv2020({ ...options, allErrors: true }))
/** Names the first fault only: for bodies that can have one in every one of a million places. */
const frugal = withFormats(new Ajv2020(options))
const largeBytes = 16 * 1024
const mostFaults = 20

function withFormats(ajv: Ajv2020): Ajv2020 {
  addFormats.default(ajv)
  return ajv.addFormat('date-time', (text: string) => parseInstant(text) !== undefined)
}

const nothing: JsonSchema = { type: 'object', properties: {}, additionalProperties: false }

/** What requests of a route are checked with, compiled at the first. It answers their parts as read. @throws Problem 400 */
export function requestCheck(route: ApiRoute): (request: WrittenRequest) => Checked {
  const path = route.params ? closed(route.params) : nothing
  const query = route.query ? closed(route.query) : nothing
  const body = route.body && closed(route.body)
  const isOptional = route.body !== undefined && TypeGuard.IsOptional(route.body)
  const checkOf = {
    path: once(() => thorough.compile(path)),
    query: once(() => thorough.compile(query)),
    body: once(() => thorough.compile(body!)),
    largeBody: once(() => frugal.compile(body!)),
  }
  const faultsOfBody = ({ body: given, bodyBytes }: WrittenRequest): FieldFault[] => {
    if (!body || (given === undefined && isOptional)) return []
    if (given === undefined) return [{ field: 'body', problem: 'is missing' }]
    return faultsOf('body', bodyBytes > largeBytes ? checkOf.largeBody() : checkOf.body(), given)
  }
  return (request) => {
    const params = readParameters(request.path, path)
    const read = readParameters(request.query, query)
    const faults = [
      ...faultsOf('path', checkOf.path(), params),
      ...faultsOf('query', checkOf.query(), read),
      ...faultsOfBody(request),
    ]
    if (faults.length > 0) throw badFields(faults.slice(0, mostFaults))
    readInstants(params, path)
    readInstants(read, query)
    return { params, query: read, body: body && request.body }
  }
}

/** The check of an answer's body, compiled at the first. It answers what is wrong with it, or undefined. */
export function answerCheck(schema: TSchema): (body: unknown) => string | undefined {
  const check = once(() => frugal.compile(closed(schema)))
  return (body) => {
    const validate = check()
    if (validate(body)) return undefined
    const { instancePath, message, params } = validate.errors![0]!
    return `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`
  }
}

/**
 * The check of a part of a body that has a schema of its own. It fills in defaults.
 * @param field  where the part stands, as `body.change`
 */
export function partCheck(schema: TSchema, field: string): (value: unknown) => void {
  const check = once(() => thorough.compile(closed(schema)))
  return (value) => {
    const faults = faultsOf(field, check(), value)
    if (faults.length > 0) throw badFields(faults.slice(0, mostFaults))
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function faultsOf(part: string, validate: ValidateFunction, value: unknown): FieldFault[] {
  if (!validate(value)) return withoutBranches(validate.errors!).map((error) => faultOfError(part, error))
  const bad = unstorable(value)
  return bad ? [faultOf([part, ...bad.path].join('.'), undefined, bad.problem)] : []
}

/** What each choice of an `anyOf` objects to says less than that none of them fits. */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath }) => `${schemaPath}/`)
  return errors.filter(({ schemaPath }) => !choices.some((choice) => schemaPath.startsWith(choice)))
}

function faultOfError(part: string, error: ErrorObject): FieldFault {
  const { instancePath, keyword, params, data } = error
  const at = [part, ...instancePath.split('/').slice(1).map(unescaped)]
  const field = (...more: string[]): string => [...at, ...more.map(shortName)].join('.')
  if (keyword === 'required') return { field: field(String(params.missingProperty)), problem: 'is missing' }
  const unknown = (params.additionalProperty ?? params.unevaluatedProperty) as string | undefined
  if (unknown !== undefined) return { field: field(unknown), problem: unknownIn(error.parentSchema) }
  if (!part.startsWith('body') && Array.isArray(data) && (error.parentSchema as JsonSchema).type !== 'array')
    return { field: field(), problem: 'is given more than once' }
  return faultOf(field(), data, wordsOf(error))
}

const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~')

/** Names that callers made up may be of any length. */
const shortName = (name: string): string =>
  name.length > 60 ? `${name.slice(0, 60).toWellFormed()}…` : name.toWellFormed()

function unknownIn(schema: object | undefined): string {
  const known = Object.keys((schema as JsonSchema).properties ?? {})
  return known.length === 0 ? 'is not known here' : `is not known here: known are ${known.join(', ')}`
}

const typeWords: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
  array: 'an array',
  object: 'an object',
  null: 'null',
}

const formatWords: Readonly<Record<string, string>> = {
  'date-time': 'an instant with its offset, such as 2026-11-21T12:00:00-03:00',
  date: 'a day such as 2026-11-21',
}

/** What a value must be, to go after "it". */
function wordsOf({ keyword, params, schema, parentSchema, message }: ErrorObject): string {
  const limit = String(params.limit)
  switch (keyword) {
    case 'type':
      return `must be ${[params.type as string | string[]]
        .flat()
        .map((type) => typeWords[type])
        .join(' or ')}${rangeOf(parentSchema as JsonSchema)}`
    case 'enum':
      return `must be one of ${(schema as unknown[]).join(', ')}`
    case 'const':
      return `must be ${JSON.stringify(schema)}`
    case 'minimum':
    case 'maximum':
      return `must be${rangeOf(parentSchema as JsonSchema)}`
    case 'exclusiveMinimum':
      return `must be greater than ${limit}`
    case 'exclusiveMaximum':
      return `must be less than ${limit}`
    case 'minLength':
      return `must have ${limit} characters or more`
    case 'maxLength':
      return `must have ${limit} characters at most`
    case 'minItems':
      return `must have ${limit} items or more`
    case 'maxItems':
      return `must have ${limit} items at most`
    case 'uniqueItems':
      return 'must have each item once'
    case 'pattern':
      return `must be ${formOf(String(schema), parentSchema as JsonSchema)}`
    case 'format':
      return `must be ${formatWords[String(schema)] ?? `a ${String(schema)}`}`
    case 'anyOf':
    case 'oneOf':
      return 'fits none of the forms that it may have'
    default:
      return message ?? 'cannot be used'
  }
}

const formOf = (pattern: string, { examples }: JsonSchema): string =>
  Array.isArray(examples) && examples.length > 0
    ? `such as ${examples.slice(0, 3).map(shownExample).join(', ')} (${pattern})`
    : `as ${pattern} has it`

/** An empty text is an example too, and must be seen. */
const shownExample = (example: unknown): string => (example === '' ? '""' : String(example))

function rangeOf({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${String(minimum)} to ${String(maximum)}`
  if (minimum !== undefined) return ` of ${String(minimum)} or more`
  return maximum === undefined ? '' : ` of ${String(maximum)} or less`
}
