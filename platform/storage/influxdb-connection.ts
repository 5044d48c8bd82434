import { HttpError, InfluxDB, type Transport } from '@influxdata/influxdb-client'
import type { PartState } from '../http/health.ts'
import { messageOf } from '../node/message-of.ts'
import type { Shipped } from './follower.ts'

export interface InfluxSettings {
  /** http(s)://host[:port][/path] */
  url: string
  version: 1 | 2
  /** Of version 2; version 1 has none. */
  org: string
  /** Version 1: the database, or database/retention-policy. */
  bucket: string
  /** Version 1: user:password. Absent where the server asks for none. */
  token?: string
}

/** Nobody said that the points are in: the same write may succeed later. */
export class InfluxUnavailable extends Error {
  override readonly name = 'InfluxUnavailable'
}

/** What became of points: `refused` were refused for good, `reason` is what the server said to the first of them. */
export interface Written extends Shipped {
  reason?: string
}

/** A server that takes the connection and says nothing is away, too. */
const timeoutMs = 10_000

/**
 * Writes points to one bucket, over the transport of InfluxDB's own client. One attempt a call: whoever calls decides
 * when to try again. Its state is that of the last attempt.
 */
export class InfluxConnection {
  #transport: Transport
  #path: string
  #state: PartState = { up: true }

  constructor(settings: InfluxSettings) {
    const { url, version, token } = settings
    this.#path = writePath(settings)
    this.#transport = new InfluxDB({
      url: url.replace(/\/+$/, ''),
      timeout: timeoutMs,
      // Every release of version 1 understands Basic; only the last ones understand a token.
      ...(token !== undefined && version === 1 && { headers: { Authorization: basic(token) } }),
      ...(token !== undefined && version === 2 && { token }),
    }).transport
  }

  get state(): PartState {
    return this.#state
  }

  /**
   * Resolves when every point is either confirmed or refused for good; those that are refused are searched out by
   * halving. Writing a point again does no harm: it takes the place of itself.
   * @param lines  points in line protocol, with nanoseconds
   * @throws InfluxUnavailable where nobody answered, or the answer was not about the points
   */
  async write(lines: string[], signal: AbortSignal): Promise<Written> {
    if (lines.length === 0) return { written: 0, refused: 0 }
    const refusal = await this.#attempt(lines, signal)
    if (refusal === undefined) return { written: lines.length, refused: 0 }
    if (lines.length === 1 || refusesAll(refusal, lines.length))
      return { written: 0, refused: lines.length, reason: refusal }
    const middle = Math.ceil(lines.length / 2)
    const first = await this.write(lines.slice(0, middle), signal)
    const second = await this.write(lines.slice(middle), signal)
    const reason = first.reason ?? second.reason
    return {
      written: first.written + second.written,
      refused: first.refused + second.refused,
      ...(reason !== undefined && { reason }),
    }
  }

  /** @returns why the points are refused; undefined when they are in */
  async #attempt(lines: string[], signal: AbortSignal): Promise<string | undefined> {
    let status: number | undefined
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      await this.#transport.request(
        this.#path,
        lines.join('\n'),
        {
          method: 'POST',
          headers: { 'content-type': 'text/plain; charset=utf-8' },
          // Of the two the signal also takes the request back; the client's own timeout leaves it open.
          signal: AbortSignal.any([signal, timeout]),
        },
        (_headers, statusCode) => (status = statusCode),
      )
    } catch (error) {
      if (error instanceof HttpError && isRefusal(error)) return this.#answered(detailOf(error))
      if (error instanceof HttpError) throw this.#away(detailOf(error))
      // Whoever asked does not want to know any more: that says nothing about the server.
      if (signal.aborted) throw new InfluxUnavailable('the write was taken back')
      throw this.#away(timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : explain(error))
    }
    if (status !== 204) throw this.#away(`answered ${status} instead of 204: is this InfluxDB?`)
    return this.#answered(undefined)
  }

  #answered<T>(answer: T): T {
    this.#state = { up: true }
    return answer
  }

  #away(detail: string): InfluxUnavailable {
    this.#state = { up: false, detail }
    return new InfluxUnavailable(detail)
  }
}

/**
 * Answers about the points themselves: malformed or in conflict (400, 422), or more at once than it takes (413). A
 * proxy that answers 400 for a reason of its own does not speak as InfluxDB does: that says nothing about the points.
 */
const isRefusal = ({ statusCode, json }: HttpError): boolean =>
  statusCode === 413 || ((statusCode === 400 || statusCode === 422) && wordsOf(json) !== undefined)

/** Version 1 answers {"error": …}, version 2 {"message": …}. */
function wordsOf(json: unknown): string | undefined {
  const { error, message } = (json ?? {}) as { error?: unknown; message?: unknown }
  return [error, message].find((said) => typeof said === 'string' && said !== '') as string | undefined
}

/** A partial write tells how many points it dropped. All of them: halving would find nothing else. */
const refusesAll = (refusal: string, count: number): boolean =>
  Number(/partial write: .*\bdropped=(\d+)/s.exec(refusal)?.[1]) === count

function writePath({ version, org, bucket }: InfluxSettings): string {
  if (version === 2) return `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ns' }).toString()}`
  const [db, ...policy] = bucket.split('/')
  const rp = policy.join('/')
  return `/write?${new URLSearchParams({ db: db!, ...(rp && { rp }), precision: 'ns' }).toString()}`
}

const basic = (userAndPassword: string): string => `Basic ${Buffer.from(userAndPassword).toString('base64')}`

/** What the server says, in one line. */
function detailOf({ statusCode, statusMessage = '', json, body }: HttpError): string {
  const text = wordsOf(json) ?? (body || statusMessage)
  return `${statusCode} ${text.trim().replaceAll(/\s+/g, ' ').slice(0, 300)}`
}

/** Node answers a refused connection on several addresses with an error of errors that says nothing itself. */
function explain(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ')
  return messageOf(error)
}
