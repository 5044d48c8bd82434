/** What the API refused, in the words of its answer (RFC 9457); `status` 0: nobody answered. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault'
  readonly status: number
  /** What is wrong with which field, as `body.reason`. */
  readonly fields: readonly { readonly field: string; readonly problem: string }[]

  /** All that was answered, where that was JSON. */
  readonly answer: unknown

  constructor(status: number, detail: string, fields: ApiFault['fields'] = [], answer?: unknown) {
    super(detail)
    this.status = status
    this.fields = fields
    this.answer = answer
  }
}

/** A page of a list, and where the next one begins. */
export interface ListPage<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** The little of a browser that calls of the API need. */
export interface ApiSurroundings {
  fetch(path: string, init: RequestInit): Promise<Response>
  /** `document.cookie`: what changes something carries the token that stands there. */
  cookies(): string
}

const patienceMs = 30_000

/** The HTTP API as the user of this page sees it: its login is in cookies that no page can read. */
export class Api {
  readonly #browser: ApiSurroundings

  constructor(browser: ApiSurroundings) {
    this.#browser = browser
  }

  /** @throws ApiFault */
  get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
    return this.#ask<Answer>('GET', path + searchOf(query), undefined, signal)
  }

  /** @throws ApiFault */
  send<Answer>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer> {
    return this.#ask<Answer>(method, path, body)
  }

  /** An answer as it is, whatever its status. @throws ApiFault  where nobody answers */
  async read(path: string, accept: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const response = await this.#fetch('GET', path, accept, undefined, signal)
    const text = await response.text().catch((error: unknown) => {
      throw new ApiFault(0, String(error))
    })
    return { status: response.status, text }
  }

  async #ask<Answer>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Answer> {
    const response = await this.#fetch(method, path, 'application/json', body, signal)
    const answer = (await response.json().catch(() => undefined)) as Answer & Refusal
    if (response.ok) return answer
    const { title, detail = title ?? response.statusText, errors = [] } = answer ?? {}
    throw new ApiFault(response.status, detail, errors, answer)
  }

  #fetch(method: string, path: string, accept: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const csrf = /(?:^|;\s*)lv_csrf=([^;]+)/.exec(this.#browser.cookies())?.[1]
    const limit = AbortSignal.timeout(patienceMs)
    return this.#browser
      .fetch(path, {
        method,
        headers: {
          Accept: accept,
          ...(body && { 'Content-Type': 'application/json' }),
          ...(csrf !== undefined && { 'X-CSRF-Token': csrf }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      .catch((error: unknown) => {
        throw new ApiFault(0, error instanceof Error ? error.message : String(error))
      })
  }
}

interface Refusal {
  readonly title?: string
  readonly detail?: string
  readonly errors?: ApiFault['fields']
}

function searchOf(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return search === '' ? '' : `?${search}`
}
