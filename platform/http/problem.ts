/** One thing that is wrong with a request: which field, what stood there, and what it should be. */
export interface FieldFault {
  /** Where it stands: `query.limit`, `body.username`, `path.deviceId`. */
  readonly field: string
  readonly value?: unknown
  readonly problem: string
}

/** An answer that is no success, as RFC 9457 has it: `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly title: string
  readonly errors: readonly FieldFault[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    title: string,
    options: {
      detail?: string
      errors?: readonly FieldFault[]
      headers?: Readonly<Record<string, string>>
      cause?: unknown
    } = {},
  ) {
    super(options.detail ?? title, { cause: options.cause })
    this.status = status
    this.title = title
    this.errors = options.errors ?? []
    this.headers = options.headers ?? {}
  }

  toJSON(): Record<string, unknown> {
    return {
      type: 'about:blank',
      title: this.title,
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
    }
  }
}
