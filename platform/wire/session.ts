/** Who is logged in in this browser. */
export interface SessionUser {
  readonly username: string
  readonly role: string
  /** What this role may do; a page shows by it what it offers, and the server decides again. */
  readonly rights?: readonly string[]
}

/** `ended`: nobody is logged in (any more); `away`: nobody can say, for the server does not answer. */
export type SessionState = { readonly user: SessionUser } | 'ended' | 'away'

interface PageRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly signal: AbortSignal
}

/** What became of something that somebody asked for with a password. */
export interface PasswordAnswer {
  readonly status: number
  /** The header Retry-After: seconds to wait before the next attempt. */
  readonly retryAfter: string | null
}

/** The little of a page that its session needs. */
export interface Page {
  fetch(path: string, init: PageRequest): Promise<Response>
  /** `document.cookie`. */
  cookies(): string
  /** ms, always forward. */
  now(): number
  /** Whether somebody may be looking at it. */
  isVisible(): boolean
  /** Calls back when it has become visible, and every minute or so. @returns stops that */
  onOccasion(check: () => void): () => void
}

/** The little of `document` that makes a page. */
interface PageDocument {
  readonly cookie: string
  readonly visibilityState: string
  addEventListener(event: 'visibilitychange', listener: () => void): void
  removeEventListener(event: 'visibilitychange', listener: () => void): void
}

/** An access token is good for an hour at least: asked for this often, there is always one. */
export const refreshEveryMs = 20 * 60_000

const patienceMs = 10_000
const occasionMs = 60_000

/** The session of a browser as one of its pages sees it. Its tokens are in cookies that no page can read. */
export class PageSession {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Whether there may be a session; where there is none, nobody needs to be asked. */
  get isLikely(): boolean {
    return this.#csrfToken !== undefined
  }

  /** Who is logged in. Where the access token has expired and the session has not, there is another token afterwards. */
  async ask(): Promise<SessionState> {
    const state = await this.#stateOf('GET', '/api/auth/me')
    return state === 'ended' && this.isLikely ? this.refresh() : state
  }

  /** @returns undefined where nobody answered */
  logIn(username: string, password: string): Promise<PasswordAnswer | undefined> {
    return this.#give('/api/auth/login', { username, password, cookies: true })
  }

  /** @returns undefined where nobody answered */
  changePassword(presentPassword: string, password: string): Promise<PasswordAnswer | undefined> {
    return this.#give('/api/auth/password', { presentPassword, password })
  }

  /** Asks for another access token, which also keeps the session from ending for want of use. */
  refresh(): Promise<SessionState> {
    return this.#stateOf('POST', '/api/auth/refresh')
  }

  /** Ends the session, in all its pages. @returns whether it is over */
  async logOut(): Promise<boolean> {
    const response = await this.#send('POST', '/api/auth/logout')
    return response !== undefined && (response.ok || response.status === 401)
  }

  /**
   * Keeps the session from ending while somebody looks at this page, up to the longest that a session may last.
   * @param onEnded  it is over; called once
   * @returns stops keeping it
   */
  keep(onEnded: () => void): () => void {
    let dueAt = this.#page.now() + refreshEveryMs
    let asking = false
    const check = async (): Promise<void> => {
      if (asking || !this.#page.isVisible() || this.#page.now() < dueAt) return
      asking = true
      const state = await this.refresh()
      asking = false
      if (state === 'ended') {
        stop()
        onEnded()
      } else if (state !== 'away') dueAt = this.#page.now() + refreshEveryMs
    }
    const stop = this.#page.onOccasion(() => void check())
    return stop
  }

  async #stateOf(method: string, path: string): Promise<SessionState> {
    const response = await this.#send(method, path)
    // What a refresh is refused for, it is refused for ever: only somebody who logs in gets on.
    if (response && [400, 401, 403].includes(response.status)) return 'ended'
    const body = response?.ok
      ? ((await response.json().catch(() => undefined)) as { user?: SessionUser } | undefined)
      : undefined
    return body?.user ? { user: body.user } : 'away'
  }

  /** @returns undefined where nobody answered */
  #send(method: string, path: string, body?: unknown): Promise<Response | undefined> {
    const csrf = this.#csrfToken
    const request = {
      method,
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(csrf !== undefined && { 'X-CSRF-Token': csrf }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    }
    return this.#page.fetch(path, request).catch(() => undefined)
  }

  async #give(path: string, body: unknown): Promise<PasswordAnswer | undefined> {
    const response = await this.#send('POST', path, body)
    return response && { status: response.status, retryAfter: response.headers.get('Retry-After') }
  }

  get #csrfToken(): string | undefined {
    return /(?:^|;\s*)lv_csrf=([^;]+)/.exec(this.#page.cookies())?.[1]
  }
}

/** The session of the page with this document. */
export function sessionOf(document: PageDocument): PageSession {
  return new PageSession({
    fetch: (path, init) => fetch(path, { ...init, cache: 'no-store', credentials: 'same-origin' }),
    cookies: () => document.cookie,
    now: () => performance.now(),
    isVisible: () => document.visibilityState === 'visible',
    onOccasion(check) {
      const timer = setInterval(check, occasionMs)
      document.addEventListener('visibilitychange', check)
      return () => {
        clearInterval(timer)
        document.removeEventListener('visibilitychange', check)
      }
    },
  })
}
