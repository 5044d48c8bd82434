import { Type } from '@sinclair/typebox'
import type { OutgoingHttpHeaders } from 'node:http'

/** One thing that is wrong with a request: which field, what stood there, and what it should be. */
export interface FieldFault {
  /** Where it stands: `path.deviceId`, `query.limit`, `body.username`. */
  readonly field: string
  readonly value?: string | number | boolean | null
  readonly problem: string
}

/** What the document says of every answer that is no success. */
export const problemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String({ description: 'What kind of problem it is, in a few words' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What was wrong this time, in a sentence' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'Where it stands, as `query.limit` or `body.items.3.name`' }),
          value: Type.Optional(
            Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
              description: 'What stood there, shortened; never of a secret',
            }),
          ),
          problem: Type.String({ description: 'What it should be' }),
        }),
        { description: 'The fields at fault, the first of them where there are many' },
      ),
    ),
    code: Type.Optional(Type.String({ description: 'Why, in a word for programs, where there are several reasons' })),
    reference: Type.Optional(Type.String({ description: 'Names the entry in our log' })),
  },
  { $id: 'Problem', description: 'What went wrong (RFC 9457)' },
)

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not logged in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request timeout',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service unavailable',
}

export const titleOf = (status: number): string => titles[status] ?? `Status ${status}`

interface Options {
  readonly detail?: string
  readonly errors?: readonly FieldFault[]
  readonly headers?: Readonly<OutgoingHttpHeaders>
  /** Why, in a word for programs. */
  readonly code?: string
  /** Names the entry in our log. */
  readonly reference?: string
  readonly cause?: unknown
}

/** An answer that is no success, as RFC 9457 has it: `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly title: string
  readonly errors: readonly FieldFault[]
  readonly headers: Readonly<OutgoingHttpHeaders>
  readonly code: string | undefined
  readonly reference: string | undefined

  constructor(status: number, title: string = titleOf(status), options: Options = {}) {
    super(options.detail ?? title, { cause: options.cause })
    this.status = status
    this.title = title
    this.errors = options.errors ?? []
    this.headers = options.headers ?? {}
    this.code = options.code
    this.reference = options.reference
  }

  toJSON(): Record<string, unknown> {
    return {
      type: 'about:blank',
      title: this.title,
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
      ...(this.code !== undefined && { code: this.code }),
      ...(this.reference !== undefined && { reference: this.reference }),
    }
  }
}

/** 400 for these fields, all of them in one sentence each. */
export const badFields = (faults: readonly FieldFault[]): Problem =>
  new Problem(400, titleOf(400), { detail: faults.map(sentenceOf).join('; '), errors: faults })

/** 400 for a field whose value passed its schema, and is wrong nevertheless. @param problem as `must be before end_time` */
export const badField = (field: string, value: unknown, problem: string): Problem =>
  badFields([faultOf(field, value, problem)])

/** 404 for something that is not there. @param what as `device`. @param field as `path.deviceId` */
export const notFound = (what: string, field: string, value: unknown): Problem =>
  new Problem(404, titleOf(404), {
    detail: `no ${what} ${shown(value)}`,
    errors: [faultOf(field, value, `no such ${what}`)],
  })

/** 409: the request is well formed, and what is there stands against it. */
export const conflict = (detail: string): Problem => new Problem(409, titleOf(409), { detail })

const secretName = /password|secret|token|credential|authorization|cookie/i
const longest = 80

/** A fault of a field with its value shortened; the value of a secret, an object or an array is not shown. */
export function faultOf(field: string, value: unknown, problem: string): FieldFault {
  const isShown = !secretName.test(field) && (value === null || ['string', 'number', 'boolean'].includes(typeof value))
  return { field, ...(isShown && { value: shortened(value as string | number | boolean | null) }), problem }
}

const shortened = <T>(value: T): T | string =>
  typeof value === 'string' && value.length > longest ? `${value.slice(0, longest).toWellFormed()}…` : value

const shown = (value: unknown): string => JSON.stringify(shortened(value)) ?? ''

const sentenceOf = ({ field, value, problem }: FieldFault): string =>
  value === undefined ? `${field} ${problem}` : `${field} is ${JSON.stringify(value)}: it ${problem}`
