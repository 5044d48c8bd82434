import type { Role } from '../platform/access/roles.ts'
import { passwordOf, testSecret, testUsers } from '../platform/access/users.fixture.ts'

/** What a system of a test gets in its environment, so that somebody can log in. */
export const usersEnv = { AUTH_USERS: JSON.stringify(testUsers), JWT_SECRET: testSecret } as const

/** Somebody of a role, who asks over HTTP as a program does: with a bearer token, got anew when it is no good any more. */
export class Visitor {
  readonly #url: string
  readonly #role: Role
  #token: Promise<string> | undefined

  constructor(url: string, role: Role) {
    this.#url = url
    this.#role = role
  }

  /** A token that was good when it was got. */
  token(): Promise<string> {
    if (!this.#token) {
      this.#token = logIn(this.#url, this.#role)
      this.#token.catch(() => this.forget())
    }
    return this.#token
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const ask = async (): Promise<Response> =>
      fetch(this.#url + path, {
        signal: AbortSignal.timeout(10_000),
        ...init,
        headers: { ...(init.headers as Record<string, string>), Authorization: `Bearer ${await this.token()}` },
      })
    const response = await ask()
    if (response.status !== 401) return response
    this.forget()
    return ask()
  }

  /** Logs in again next time. */
  forget(): void {
    this.#token = undefined
  }
}

/** @returns a token */
export async function logIn(url: string, role: Role): Promise<string> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: role, password: passwordOf(role) }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`${role} cannot log in: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { token: string }).token
}

/** What a browser would send along after logging in on our page. */
export const cookieOf = (token: string): { name: string; value: string } => ({ name: 'lv_session', value: token })
