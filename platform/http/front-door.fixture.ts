import { once } from 'node:events'
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Access, AccessEntry } from '../access/access.ts'
import type { Identity } from '../access/identity.ts'
import { roles, type Role } from '../access/roles.ts'
import { wallClock } from '../clock/clock.ts'
import { openFrontDoor, type FrontDoorOptions } from './front-door.ts'
import { OpenConnections } from './open-connections.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The session of a user of a role, all of whose tokens are the role's name. */
export const identityOfRole = (role: Role): Identity => ({
  username: role,
  role,
  sessionId: `session-of-${role}`,
  expiresAt: wallClock.now() + 60_000,
  sessionEndsAt: wallClock.now() + 3_600_000,
})

/** A server of the loopback behind a front door, whose users are named as their roles, and so are their tokens. */
export class TestDoor {
  readonly refused: AccessEntry[] = []
  readonly connections = new OpenConnections()
  readonly server: Server
  options: FrontDoorOptions
  #listeners = new Set<(sessionId: string) => void>()
  #remove: () => void

  private constructor(listener: RequestListener) {
    const access = {
      verify: async (token: string) => {
        const role = roles.find((name) => name === token)
        return role && identityOfRole(role)
      },
      onEnded: (ended: (sessionId: string) => void) => {
        this.#listeners.add(ended)
        return () => this.#listeners.delete(ended)
      },
    } as unknown as Access
    this.options = {
      access,
      connections: this.connections,
      isTrusted: () => false,
      proxiesOnly: false,
      editor: true,
      allowedOrigins: new Set(),
      refused: (entry) => this.refused.push(entry),
    }
    this.server = createServer(listener)
    this.#remove = openFrontDoor(this.server, this.options)
  }

  static async open(listener: RequestListener): Promise<TestDoor> {
    const door = new TestDoor(listener)
    await once(door.server.listen(0, '127.0.0.1'), 'listening')
    return door
  }

  /** Opens it anew, with other options. */
  reopen(changes: Partial<FrontDoorOptions>): void {
    this.#remove()
    this.#remove = openFrontDoor(this.server, { ...this.options, ...changes })
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
    const [host, port] = this.host.split(':') as [string, string]
    const asked = request({ host, port: Number(port), path, method, headers, agent: false }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: response.statusCode!, headers: response.headers, body: await text(response) }
  }

  endSession(sessionId: string): void {
    for (const listener of this.#listeners) listener(sessionId)
  }

  close(): void {
    this.#remove()
    this.connections.end()
    this.server.closeAllConnections()
    this.server.close()
  }
}
