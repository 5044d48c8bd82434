import type { Clock } from '../../../platform/clock/clock.ts'
import { isLoopback } from '../../../platform/wire/loopback.ts'
import { BadObject, readAuthServer, readToken } from '../domain/openadr/objects.ts'

export interface VtnSettings {
  /** Base of the VTN's API, as `https://vtn.example/openadr3/3.1.0`. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** From asking to the end of an answer, ms. */
  readonly timeoutMs?: number
  /** Longer answers are given up. */
  readonly mostAnswerBytes?: number
  /** More of a list is not read. */
  readonly mostObjects?: number
  /** Of the wall: tokens run out by it. */
  readonly clock: Clock
}

/** A VTN that cannot be asked, or does not answer as it should. Its message never holds a secret. */
export class VtnFault extends Error {
  override readonly name = 'VtnFault'
  /** Of the answer; undefined: there was none. */
  readonly status: number | undefined
  /** How long the VTN asks to be left alone, ms. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, of: { status?: number; retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: of.cause })
    this.status = of.status
    this.retryAfterMs = of.retryAfterMs
  }
}

type Query = readonly (readonly [name: string, value: string])[]
interface Answer {
  readonly status: number
  readonly body: unknown
  readonly etag: string | null
}

/** At most, by the OpenAPI document of OpenADR 3.1.0, query parameter `limit`. */
const pageSize = 50
/** A token is not used in its last seconds: it would run out on the way. */
const tokenMarginMs = 30_000
/** Of a token that does not say how long it is good for. */
const usualTokenMs = 300_000
/** Pages whose entity tags are kept. */
const mostTags = 200

/**
 * Asks a VTN of OpenADR 3.1.0 over HTTP (Definition, "EndPoints" and "Security"): with a token by OAuth 2.0 client credentials, page by
 * page, and nothing without bounds. No redirect is followed: the token and the secret go where the settings say.
 */
export class VtnClient {
  readonly #settings: Required<VtnSettings>
  readonly #base: string
  #token: { readonly text: string; readonly until: number } | undefined
  #tokenUrl: string | undefined
  readonly #pages = new Map<string, { readonly etag: string; readonly items: readonly unknown[] }>()

  constructor(settings: VtnSettings) {
    this.#settings = { timeoutMs: 20_000, mostAnswerBytes: 8 * 1024 * 1024, mostObjects: 5_000, ...settings }
    this.#base = settings.url.replace(/\/+$/, '')
  }

  /**
   * All objects of a list. Page after page until one is empty: a VTN may give fewer than it is asked for.
   * @throws VtnFault where it cannot be read to its end: then nothing is known of what is missing from it
   */
  async list(path: string, query: Query, signal: AbortSignal): Promise<unknown[]> {
    const { mostObjects } = this.#settings
    const objects: unknown[] = []
    let before: string | undefined
    for (;;) {
      const page = await this.#page(path, [...query, ['skip', `${objects.length}`], ['limit', `${pageSize}`]], signal)
      const text = JSON.stringify(page)
      if (page.length === 0) return objects
      if (text === before) throw new VtnFault(`${path}: every page is the same: it does not follow skip`)
      before = text
      objects.push(...page)
      if (objects.length > mostObjects) throw new VtnFault(`${path}: more than ${mostObjects} objects are not read`)
    }
  }

  /** @returns undefined where the VTN says that there is none, or none for us */
  async find(path: string, signal: AbortSignal): Promise<unknown> {
    const { status, body } = await this.#ask('GET', path, { takes: [200, 403, 404] }, signal)
    return status === 200 ? body : undefined
  }

  /** @returns what the VTN has made of it */
  async create(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    return (await this.#ask('POST', path, { body, takes: [200, 201] }, signal)).body
  }

  async replace(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    return (await this.#ask('PUT', path, { body, takes: [200] }, signal)).body
  }

  async #page(path: string, query: Query, signal: AbortSignal): Promise<readonly unknown[]> {
    const where = `${path}?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`
    const known = this.#pages.get(where)
    const headers = known ? { 'if-none-match': known.etag } : {}
    const { status, body, etag } = await this.#ask('GET', where, { takes: [200, 304], headers }, signal)
    if (status === 304 && known) return known.items
    if (!Array.isArray(body)) throw new VtnFault(`${path} is no list`, { status })
    this.#pages.delete(where)
    if (etag !== null && this.#pages.size < mostTags) this.#pages.set(where, { etag, items: body })
    return body
  }

  async #ask(
    method: string,
    path: string,
    of: { readonly takes: readonly number[]; readonly body?: object; readonly headers?: Record<string, string> },
    signal: AbortSignal,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const token = await this.#validToken(signal)
      const answer = await this.#send(
        `${this.#base}${path}`,
        {
          method,
          headers: {
            ...{ accept: 'application/json', authorization: `Bearer ${token}` },
            ...(of.body ? { 'content-type': 'application/json' } : {}),
            ...of.headers,
          },
          ...(of.body ? { body: JSON.stringify(of.body) } : {}),
        },
        `${method} ${path}`,
        signal,
      )
      if (of.takes.includes(answer.status)) return answer
      this.#token = answer.status === 401 ? undefined : this.#token
      // A token may be taken back before it runs out: once anew, and no more.
      if (answer.status !== 401 || attempt > 0) throw refusal(`${method} ${path}`, answer)
    }
  }

  async #validToken(signal: AbortSignal): Promise<string> {
    const { clock, clientId, clientSecret } = this.#settings
    if (this.#token && clock.now() < this.#token.until) return this.#token.text
    const url = await this.#tokenAddress(signal)
    const asked = clock.now()
    const answer = await this.#send(
      url,
      {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
        }).toString(),
      },
      'the token',
      signal,
    )
    if (answer.status !== 200) throw refusal('the token', answer)
    const { access_token: text, expires_in: seconds } = read('the token', readToken, answer.body)
    const lastsMs = seconds === undefined ? usualTokenMs : seconds * 1_000
    this.#token = { text, until: asked + Math.max(lastsMs - tokenMarginMs, lastsMs / 2) }
    return text
  }

  /** Where the VTN says that tokens are given (`GET /auth/server`); one that does not say gives them itself. */
  async #tokenAddress(signal: AbortSignal): Promise<string> {
    if (this.#tokenUrl !== undefined) return this.#tokenUrl
    const answer = await this.#send(
      `${this.#base}/auth/server`,
      { method: 'GET', headers: { accept: 'application/json' } },
      'GET /auth/server',
      signal,
    )
    if (answer.status !== 200 && answer.status !== 404) throw refusal('GET /auth/server', answer)
    this.#tokenUrl =
      answer.status === 404
        ? `${this.#base}/auth/token`
        : checkedTokenUrl(read('GET /auth/server', readAuthServer, answer.body).tokenURL, this.#base)
    return this.#tokenUrl
  }

  async #send(url: string, request: RequestInit, what: string, signal: AbortSignal): Promise<Answer> {
    const { timeoutMs, mostAnswerBytes } = this.#settings
    const deadline = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        ...{ ...request, redirect: 'manual', signal: AbortSignal.any([signal, deadline]) },
      })
      const text = await boundedText(response, mostAnswerBytes, what)
      const retryAfterMs = retryAfterOf(response.headers.get('retry-after'))
      if (response.status === 429 || response.status === 503)
        throw new VtnFault(`${what}: the VTN is busy (${response.status})`, { status: response.status, retryAfterMs })
      return { status: response.status, body: parsed(text, response.ok, what), etag: response.headers.get('etag') }
    } catch (error) {
      if (error instanceof VtnFault || signal.aborted) throw error
      if (deadline.aborted) throw new VtnFault(`${what}: no answer within ${timeoutMs} ms`, { cause: error })
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      throw new VtnFault(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause: error })
    }
  }
}

/** The secret goes to the address that the VTN names, and only encrypted, unless the VTN itself is on this machine. */
function checkedTokenUrl(text: string, base: string): string {
  const url = URL.parse(text, `${base}/`)
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(new URL(base).hostname))
  if (!url || !isSafe || url.username || url.password)
    throw new VtnFault(`GET /auth/server: tokenURL is ${JSON.stringify(text.slice(0, 200))}: it takes https`)
  return url.href
}

async function boundedText(response: Response, mostBytes: number, what: string): Promise<string> {
  if (!response.body) return ''
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body) {
    size += part.byteLength
    if (size > mostBytes) throw new VtnFault(`${what}: an answer of more than ${mostBytes} bytes is not read`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** What is wrong may be said in any way; what is right is JSON. */
function parsed(text: string, isOk: boolean, what: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch (error) {
    if (!isOk) return text
    throw new VtnFault(`${what}: the answer is no JSON`, { cause: error })
  }
}

function read<T>(what: string, reader: (value: unknown) => T, value: unknown): T {
  try {
    return reader(value)
  } catch (error) {
    // What it said may be a token.
    if (error instanceof BadObject) throw new VtnFault(`${what} is not as it should be`)
    throw error
  }
}

/** `problem` of the OpenAPI document, or whatever else the VTN says. */
function refusal(what: string, { status, body }: Answer): VtnFault {
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const detail = [said['title'], said['detail'], said['error'], said['error_description']]
    .filter((text) => typeof text === 'string')
    .join(': ')
  return new VtnFault(`${what}: the VTN answers ${status}${detail === '' ? '' : `: ${detail.slice(0, 300)}`}`, {
    status,
  })
}

const retryAfterOf = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined
