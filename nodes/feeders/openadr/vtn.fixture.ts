import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { after, before } from 'mocha'

type Object_ = Record<string, unknown> & { id: string }

/** How the VTN is to misbehave; each is taken back by the test that sets it. */
export interface Mood {
  /** Answers this to everything but tokens. */
  status?: number
  /** Says this in place of a list. */
  body?: string
  /** Takes so long, ms. */
  delayMs?: number
  /** Gives at most so many objects a page, whatever it is asked for. */
  pageSize?: number
  /** Gives every page the first objects. */
  ignoresSkip?: boolean
  /** Tokens are good for so many seconds. */
  tokenSeconds?: number
  /** Where it says that tokens are given. */
  tokenUrl?: string
  headers?: Record<string, string>
  /** Of reports, it takes none. */
  refusesReports?: boolean
}

/** A VTN of OpenADR 3.1.0 as a client sees it: tokens, programs, events and reports, paged and filtered by targets. In this process. */
export class Vtn {
  readonly programs = new Map<string, Object_>()
  readonly events = new Map<string, Object_>()
  readonly vens: Object_[] = []
  readonly reports = new Map<string, Object_>()
  /** What was asked for, as `GET /events?skip=0&limit=50`. */
  readonly asked: string[] = []
  mood: Mood = {}
  readonly clientId = 'linha-viva'
  readonly clientSecret = 'not for everybody'
  #server: Server | undefined
  #tokens = new Set<string>()
  #edition = 0

  get url(): string {
    const { port } = this.#server!.address() as { port: number }
    return `http://127.0.0.1:${port}/openadr3/3.1.0`
  }

  async open(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error))
    }).listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }

  /** Back to nothing and good manners. */
  reset(): void {
    for (const list of [this.programs, this.events, this.reports]) list.clear()
    this.vens.length = 0
    this.asked.length = 0
    this.mood = {}
    this.forgetTokens()
  }

  forgetTokens(): void {
    this.#tokens.clear()
  }

  putProgram(id: string, program: Record<string, unknown> = {}): void {
    this.programs.set(id, { ...this.#metadata(id, 'PROGRAM'), programName: `program ${id}`, ...program })
  }

  putEvent(id: string, event: Record<string, unknown>): void {
    this.events.set(id, { ...this.#metadata(id, 'EVENT'), programID: 'p1', ...event })
  }

  #metadata(id: string, objectType: string): Object_ {
    const modificationDateTime = new Date(Date.UTC(2026, 0, 1) + ++this.#edition).toISOString()
    return { id, objectType, createdDateTime: '2026-01-01T00:00:00Z', modificationDateTime }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url)
    const path = url.pathname.replace('/openadr3/3.1.0', '')
    this.asked.push(`${request.method} ${path}${url.search}`)
    const text = await textOf(request)
    const { delayMs, headers = {} } = this.mood
    if (delayMs !== undefined) await new Promise((wake) => setTimeout(wake, delayMs).unref())
    const say = (status: number, body: unknown, more: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers, ...more })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (path === '/auth/server')
      return this.mood.tokenUrl === undefined
        ? say(404, { title: 'Not Found', status: 404 })
        : say(200, { tokenURL: this.mood.tokenUrl })
    if (path === '/auth/token') return this.#giveToken(new URLSearchParams(text), say)
    if (!this.#tokens.has(String(request.headers.authorization).replace('Bearer ', '')))
      return say(401, { title: 'Unauthorized', status: 401 })
    if (this.mood.status !== undefined)
      return say(this.mood.status, { title: 'as it was told to', status: this.mood.status })
    if (this.mood.body !== undefined) return say(200, this.mood.body)
    return this.#list(request, url, path, text, say)
  }

  #giveToken(form: URLSearchParams, say: (status: number, body: unknown) => void): void {
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret)
      return say(400, { error: 'invalid_client', error_description: 'unknown client or secret' })
    const token = randomUUID()
    this.#tokens.add(token)
    say(200, { access_token: token, token_type: 'Bearer', expires_in: this.mood.tokenSeconds ?? 3_600 })
  }

  #list(
    request: IncomingMessage,
    url: URL,
    path: string,
    text: string,
    say: (status: number, body: unknown, more?: Record<string, string>) => void,
  ): void {
    const [, collection, id] = path.split('/')
    const objects = { programs: this.programs, events: this.events, reports: this.reports }[collection!]
    if (collection === 'vens') return this.#page(this.vens, url, request, say)
    if (!objects)
      return collection === 'resources' ? this.#page([], url, request, say) : say(404, { title: 'Not Found' })
    if (request.method === 'POST' || request.method === 'PUT') return this.#takeReport(id, text, say)
    if (id !== undefined) return objects.has(id) ? say(200, objects.get(id)) : say(404, { title: 'Not Found' })
    const wanted = url.searchParams.getAll('targets')
    const seen = [...objects.values()].filter(({ targets, eventID }) => {
      if (collection === 'reports') return eventID === url.searchParams.get('eventID')
      const own = (targets as string[] | undefined) ?? []
      return own.length === 0 ? wanted.length === 0 : wanted.some((target) => own.includes(target))
    })
    const shown = seen.map((object) =>
      Array.isArray(object['targets'])
        ? { ...object, targets: (object['targets'] as string[]).filter((target) => wanted.includes(target)) }
        : object,
    )
    this.#page(shown, url, request, say)
  }

  #page(
    objects: readonly object[],
    url: URL,
    request: IncomingMessage,
    say: (status: number, body: unknown, more?: Record<string, string>) => void,
  ): void {
    const skip = this.mood.ignoresSkip === true ? 0 : Number(url.searchParams.get('skip'))
    const limit = Math.min(Number(url.searchParams.get('limit')), this.mood.pageSize ?? 50)
    const page = JSON.stringify(objects.slice(skip, skip + limit))
    const etag = `"${page.length}-${this.#edition}"`
    if (request.headers['if-none-match'] === etag) return say(304, '')
    say(200, page, { etag })
  }

  #takeReport(id: string | undefined, text: string, say: (status: number, body: unknown) => void): void {
    if (this.mood.refusesReports === true) return say(400, { title: 'Bad Request', detail: 'no reports today' })
    if (id !== undefined && !this.reports.has(id)) return say(404, { title: 'Not Found' })
    const report = { ...(JSON.parse(text) as Object_), ...this.#metadata(id ?? `r${this.reports.size + 1}`, 'REPORT') }
    this.reports.set(report.id, report)
    say(id === undefined ? 201 : 200, report)
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** Gives a suite a VTN on a port of the loopback. */
export function useVtn(): Vtn {
  const vtn = new Vtn()
  before(() => vtn.open())
  after(() => vtn.close())
  return vtn
}
