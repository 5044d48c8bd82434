import { mayRole, roles, type Right, type Role } from '../access/roles.ts'
import {
  DocumentCheck,
  operationsOf,
  type DocumentedSchema,
  pointerTo,
  resolved,
  type DocumentedOperation,
  type OpenApiDocument,
} from './document.fixture.ts'
import { beyond, hostileBodies, hostileTexts, ofAnotherType, sampleOf } from './samples.fixture.ts'

export interface Exercise {
  readonly url: string
  readonly document: OpenApiDocument
  /** A good token of a user of this role, of a session of its own. */
  readonly logIn: (role: Role) => Promise<string>
  /** Well formed, ours, and expired. */
  readonly expiredToken: string
  /** Operations that no sample makes succeed, each with the reason; what they answer is as described nevertheless. */
  readonly cannotSucceed?: Readonly<Record<string, string>>
  /** Operations for which an id that nobody knows is no 404, each with the reason. */
  readonly withoutUnknownId?: Readonly<Record<string, string>>
  readonly seed?: number
  /** Of all hostile calls one in so many is made, each operation beginning with another one; 1 unless given. */
  readonly hostileEvery?: number
}

export interface Exercised {
  /** Calls by operation and kind, with the statuses that came. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>
  readonly count: number
  /** What was not as the document says, a line each; good is none. */
  readonly faults: readonly string[]
}

/** What stands in `cannotSucceed` wherever there are users. */
export const unknownPasswords: Readonly<Record<string, string>> = {
  login: 'a sample is no password of anybody',
  refreshLogin: 'a sample is no refresh token',
  changeOwnPassword: 'a sample is no password of anybody',
  prove: 'a sample is no password of anybody',
}

interface Call {
  /** What is tried with it: `valid`, `no token` … */
  readonly kind: string
  readonly expected?: readonly number[]
  readonly token?: string | undefined
  readonly path?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown
  /** A field that the answer must name. */
  readonly names?: string
  readonly rawQuery?: string
  readonly type?: string
}

type Documented = ReturnType<typeof operationsOf>[number]

interface Subject extends Documented {
  readonly valid: Required<Pick<Call, 'path' | 'query' | 'body'>>
  readonly full: Required<Pick<Call, 'path' | 'query' | 'body'>>
}

const successes = [200, 201, 202, 204]
const besideEachOther = 4

/** Calls every operation of a document in every way that its schemas and rights suggest, and in some that nobody would. */
export async function exercise(options: Exercise): Promise<Exercised> {
  const { document } = options
  const tokens = new Map<Role, string>()
  for (const role of roles) tokens.set(role, await options.logIn(role))
  const caller = new Calls(options)
  let turn = 0
  const exerciseOne = async (each: Documented, admin: string): Promise<void> => {
    const { operation } = each
    const subject = { ...each, valid: partsOf(document, operation, false), full: partsOf(document, operation, true) }
    const { refused, acting } = callsOf(subject, options, admin, tokens, turn++)
    // What is refused changes nothing: its order is of no account.
    for (let at = 0; at < refused.length; at += besideEachOther)
      await Promise.all(refused.slice(at, at + besideEachOther).map((call) => caller.make(subject, call)))
    for (const call of acting) await caller.make(subject, call)
  }
  const all = operationsOf(document)
  const ofSessions = all.filter(({ path }) => path.startsWith('/api/auth'))
  const failing = ofSessions.filter(({ operation }) => operation.operationId in (options.cannotSucceed ?? {}))
  for (const each of all) if (!ofSessions.includes(each)) await exerciseOne(each, tokens.get('admin')!)
  // Some of these end sessions, so each has its own.
  for (const each of ofSessions) if (!failing.includes(each)) await exerciseOne(each, await options.logIn('admin'))
  // After these nobody can log in for a while.
  const own: string[] = []
  for (const _each of failing) own.push(await options.logIn('admin'))
  for (const [at, each] of failing.entries()) await exerciseOne(each, own[at]!)
  return caller.exercised()
}

function partsOf(document: OpenApiDocument, operation: DocumentedOperation, full: boolean): Subject['valid'] {
  const of = (place: 'path' | 'query'): Record<string, unknown> =>
    Object.fromEntries(
      operation.parameters
        .filter(({ name, in: at, required }) => at === place && (required || (full && name !== 'cursor')))
        .map(({ name, schema }) => [name, sampleOf(document, schema, full)]),
    )
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
  return { path: of('path'), query: of('query'), body: schema && sampleOf(document, schema, full) }
}

function callsOf(
  subject: Subject,
  options: Exercise,
  admin: string,
  tokens: ReadonlyMap<Role, string>,
  turn: number,
): { refused: readonly Call[]; acting: readonly Call[] } {
  const { operation, valid } = subject
  const every = options.hostileEvery ?? 1
  const hostile = hostileCalls(subject, options.seed ?? 1).filter((_, at) => (at + turn) % every === 0)
  const isOpen = operation['x-right'] === 'open'
  const token = isOpen ? undefined : admin
  const refused = isOpen ? [] : tokenCalls(subject, options, tokens)
  const unknown = Object.keys(valid.path).length > 0 && !(operation.operationId in (options.withoutUnknownId ?? {}))
  return {
    refused: [
      ...refused,
      ...faultyCalls(subject, options.document).map((call): Call => ({ token, expected: [400], ...call })),
      ...(unknown
        ? unknownIds(subject, options.document).map((call): Call => ({ token, expected: [404, 400], ...call }))
        : []),
    ],
    acting: [
      ...hostile.map((call): Call => ({ token, ...call })),
      ...validCalls(subject, options).map((call): Call => ({ token, ...call })),
    ],
  }
}

function tokenCalls({ operation, valid }: Subject, options: Exercise, tokens: ReadonlyMap<Role, string>): Call[] {
  const right = operation['x-right']
  const lacking = right === 'user' ? [] : roles.filter((role) => !mayRole(role, right as Right))
  return [
    { ...valid, kind: 'no token', expected: [401] },
    { ...valid, kind: 'expired token', token: options.expiredToken, expected: [401] },
    { ...valid, kind: 'forged token', token: forged(tokens.get('admin')!), expected: [401] },
    ...lacking.map((role): Call => ({ ...valid, kind: 'wrong role', token: tokens.get(role), expected: [403] })),
  ]
}

/** The same claims without a signature, as `alg: none` has it. */
const forged = (token: string): string =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`

function validCalls({ operation, valid, full }: Subject, { cannotSucceed = {} }: Exercise): Call[] {
  // Whether something is there is not for the document to say.
  const fine = [...successes, 302, 303, 404, 409, ...(operation.operationId === 'getHealth' ? [503] : [])]
  const expected = operation.operationId in cannotSucceed ? {} : { expected: fine }
  const isMore = JSON.stringify(full) !== JSON.stringify(valid)
  return [
    { ...valid, kind: 'valid', ...expected },
    ...(isMore ? [{ ...full, kind: 'valid, in full', ...expected }] : []),
  ]
}

function faultyCalls(subject: Subject, document: OpenApiDocument): Call[] {
  const { operation, valid } = subject
  const calls: Call[] = [
    { ...valid, kind: 'unknown parameter', query: { ...valid.query, madeUp: '1' }, names: 'query.madeUp' },
  ]
  if (operation.parameters.some(({ name }) => name === 'cursor'))
    calls.push({
      ...valid,
      kind: 'wrong cursor',
      query: { ...valid.query, cursor: 'sample' },
      names: 'query.cursor',
      // What the path names may not be there.
      expected: [400, 404],
    })
  for (const { name, in: place, required, schema: given } of operation.parameters) {
    const schema = resolved(document, given)
    const names = `${place}.${name}`
    const withValue = (kind: string, value: unknown): Call => ({
      ...valid,
      kind,
      [place]: { ...valid[place], [name]: value },
      names,
    })
    if (place === 'query' && required) {
      const { [name]: _left, ...others } = valid.query
      calls.push({ ...valid, kind: 'missing', query: others, names })
    }
    if (schema.type !== 'string' && schema.type !== 'array' && schema.type !== undefined)
      calls.push(withValue('wrong type', 'of-another-type'))
    for (const value of beyond(schema)) {
      // An empty segment is another path.
      if (place === 'query' || value !== '') calls.push(withValue('out of range', value))
    }
    if (place === 'query' && schema.type !== 'array' && !('anyOf' in schema))
      calls.push(withValue('twice', [valid.query[name] ?? '1', '2']))
  }
  const json = operation.requestBody?.content['application/json']
  if (json)
    calls.push(...faultyBodies(valid, resolved(document, json.schema), document, operation.requestBody!.required))
  if (operation.requestBody)
    calls.push({
      ...valid,
      kind: 'wrong media type',
      type: 'application/x-www-form-urlencoded',
      body: 'a=1',
      expected: [415],
    })
  return calls
}

function faultyBodies(
  valid: Subject['valid'],
  schema: DocumentedSchema,
  document: OpenApiDocument,
  isRequired: boolean,
): Call[] {
  const {
    properties = {},
    required = [],
    type,
    additionalProperties,
  } = schema as {
    properties?: Record<string, Record<string, unknown>>
    required?: string[]
    type?: string
    additionalProperties?: unknown
  }
  if (type !== 'object') return []
  const body = valid.body as Record<string, unknown>
  const calls: Call[] = isRequired ? [{ ...valid, kind: 'missing', body: undefined, names: 'body' }] : []
  if (additionalProperties === false)
    calls.push({ ...valid, kind: 'unknown field', body: { ...body, madeUp: 1 }, names: 'body.madeUp' })
  for (const [name, given] of Object.entries(properties)) {
    const property = resolved(document, given)
    const names = `body.${name}`
    const { [name]: _left, ...others } = body
    if (required.includes(name) && property.default === undefined)
      calls.push({ ...valid, kind: 'missing', body: others, names })
    const other = ofAnotherType(property)
    if (other !== undefined) calls.push({ ...valid, kind: 'wrong type', body: { ...body, [name]: other }, names })
    for (const value of beyond(property))
      calls.push({ ...valid, kind: 'out of range', body: { ...body, [name]: value }, names })
  }
  return calls
}

/** The same, but for one id that nobody gave to anything. */
function unknownIds({ operation, valid }: Subject, document: OpenApiDocument): Call[] {
  return operation.parameters
    .filter(({ in: place }) => place === 'path')
    .map(({ name, schema: given }): Call => {
      const schema = resolved(document, given)
      const value =
        schema.type === 'integer'
          ? Math.min(schema.maximum ?? 2_147_483_000, 2_147_483_000)
          : schema.enum
            ? 'none-of-these'
            : schema.format === 'uuid'
              ? '00000000-0000-4000-8000-000000000000'
              : 'nobody-knows-this-one'.slice(0, schema.maxLength ?? 100)
      return { ...valid, kind: 'unknown id', path: { ...valid.path, [name]: value } }
    })
}

function hostileCalls({ operation, valid }: Subject, seed: number): Call[] {
  const kind = 'hostile'
  const calls: Call[] = ['%', '%ff=%ff', 'a[b]=c', '__proto__[x]=1', '&&==&', '?'].map((rawQuery) => ({
    ...valid,
    kind,
    rawQuery,
  }))
  for (const [at, { name, in: place }] of operation.parameters.entries())
    for (const text of someOf(hostileTexts(seed), at, operation.parameters.length))
      if (place === 'query' || !isAnotherPath(text))
        calls.push({ ...valid, kind, [place]: { ...valid[place], [name]: text } })
  if (!operation.requestBody) return calls
  for (const body of hostileBodies) calls.push({ ...valid, kind, body })
  if (typeof valid.body === 'object' && valid.body !== null)
    for (const [at, [name, value]] of Object.entries(valid.body).entries())
      for (const text of typeof value === 'string'
        ? someOf(hostileTexts(seed), at, Object.keys(valid.body).length)
        : [[], {}, null, 1e308, -1, '\0'])
        calls.push({ ...valid, kind, body: { ...valid.body, [name]: text } })
  return calls
}

/** Of three fields or more each gets a third of the texts, and all of them together every text: what refuses one refuses it everywhere. */
const someOf = (texts: readonly string[], at: number, fields: number): readonly string[] =>
  texts.filter((_text, index) => (index + at) % Math.min(fields, 3) === 0)

/** A client resolves these segments, also where they are encoded. */
const isAnotherPath = (segment: string): boolean => ['', '.', '..'].includes(segment)

class Calls {
  #options: Exercise
  #check: DocumentCheck
  #calls = new Map<string, Map<string, number[]>>()
  #faults: string[] = []
  #count = 0

  constructor(options: Exercise) {
    this.#options = options
    this.#check = new DocumentCheck(options.document)
  }

  exercised(): Exercised {
    return { calls: this.#calls, count: this.#count, faults: this.#faults }
  }

  async make(subject: Subject, call: Call): Promise<void> {
    const { method, operation } = subject
    const address = addressOf(subject, call)
    const what = `${method} ${address.slice(0, 120)} (${operation.operationId}, ${call.kind}${bodyOf(call)})`
    this.#count++
    const ask = (): Promise<Response> =>
      fetch(this.#options.url + address, { method, redirect: 'manual', ...sendingOf(operation, call) })
    // The server may close an idle connection at the moment in which it is used again; it will not do so twice.
    const response = await ask()
      .catch(ask)
      .catch((error: Error) => void this.#faults.push(`${what}: no answer: ${String(error.cause ?? error)}`))
    if (!response) return
    const text = await response.text()
    const kinds = this.#calls.get(operation.operationId) ?? new Map<string, number[]>()
    this.#calls.set(operation.operationId, kinds.set(call.kind, [...(kinds.get(call.kind) ?? []), response.status]))
    for (const fault of this.#faultsOf(subject, call, response, text))
      this.#faults.push(`${what}: ${response.status}: ${fault}: ${text.slice(0, 300)}`)
  }

  #faultsOf({ path, method, operation }: Subject, call: Call, response: Response, text: string): string[] {
    const { status } = response
    // An address that is too long never gets as far as the API.
    if (status === 431) return []
    const faults: string[] = []
    const described = operation.responses[status] && resolved(this.#options.document, operation.responses[status])
    // A name in the path may make it another path, or none.
    if (!described && !(call.kind === 'hostile' && [404, 405].includes(status))) faults.push('is not described')
    if (status === 500) faults.push('a fault of ours')
    if (call.expected && !call.expected.includes(status)) faults.push(`expected ${call.expected.join(' or ')}`)
    if (/\\n\s*at \S|\.[jt]s:\d+:\d+|node_modules|node:internal/.test(text)) faults.push('a stack trace')
    const type = (response.headers.get('content-type') ?? '').split(';')[0]!
    const isProblem = status >= 400 && (!described || type === 'application/problem+json')
    if (status >= 400 && !isProblem && !described?.content?.[type]) faults.push(`no problem, but ${type}`)
    if (text !== '' && /json/.test(type)) {
      const body = JSON.parse(text) as { errors?: { field: string }[] }
      const pointer = isProblem
        ? pointerTo('components', 'schemas', 'Problem')
        : pointerTo('paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema')
      const fault = !described && !isProblem ? undefined : this.#check.fault(pointer, body)
      if (fault !== undefined) faults.push(`other than described: ${fault}`)
      if (
        call.names !== undefined &&
        status === 400 &&
        !body.errors?.some(({ field }) => field.startsWith(call.names!))
      )
        faults.push(`does not name ${call.names}`)
    }
    return faults
  }
}

function addressOf({ path }: Subject, { path: values = {}, query = {}, rawQuery }: Call): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encoded(values[name]))
  if (rawQuery !== undefined) return `${filled}?${rawQuery}`
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}=${encoded(each)}`),
  )
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`
}

/** Half a character has no encoding. */
const encoded = (value: unknown): string => encodeURIComponent(String(value).toWellFormed())

function sendingOf(operation: DocumentedOperation, { token, body, type }: Call): RequestInit {
  const types = Object.keys(operation.requestBody?.content ?? {})
  return {
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type ?? types[0] ?? 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
}

const bodyOf = ({ body }: Call): string =>
  body === undefined ? '' : ` ${(typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 80)}`
