import { once } from 'node:events'
import { WebSocket } from 'ws'
import { waitUntil } from './waiting.fixture.ts'

/** How a socket speaks: as the dashboard's page does, by polling and then a WebSocket, or by polling alone. */
export type Transport = 'websocket' | 'polling'

/** The dashboard's socket spoken by hand, as an attacker would: nothing of it is checked on this side. */
export class DashboardSocket {
  /** Events as they came: name and arguments. */
  readonly events: unknown[][] = []
  /** Why it is no more; undefined while it lives. */
  ended: string | undefined
  readonly #polling: string
  readonly #headers: Record<string, string>
  #socket: WebSocket | undefined

  private constructor(polling: string, headers: Record<string, string>) {
    this.#polling = polling
    this.#headers = headers
  }

  /** @throws Error with what the server answered, where it let nobody in */
  static async open(url: string, headers: Record<string, string>, transport: Transport): Promise<DashboardSocket> {
    const endpoint = `${url}/dashboard/socket.io/?EIO=4`
    const greeting = await textOf(await fetch(`${endpoint}&transport=polling`, { headers }))
    const { sid } = JSON.parse(greeting.slice(1)) as { sid: string }
    const socket = new DashboardSocket(`${endpoint}&transport=polling&sid=${sid}`, headers)
    if (transport === 'polling') void socket.#poll()
    else await socket.#upgrade(`${endpoint.replace('http', 'ws')}&transport=websocket&sid=${sid}`, url)
    await socket.#say('40')
    await waitUntil('an answer to the socket', async () => socket.events.length > 0 || socket.ended !== undefined)
    if (socket.ended !== undefined) throw new Error(socket.ended)
    return socket
  }

  async emit(event: string, ...args: unknown[]): Promise<void> {
    await this.#say(`42${JSON.stringify([event, ...args])}`)
  }

  /** The next event of a name from now on. */
  async next(event: string): Promise<unknown[]> {
    const from = this.events.length
    return waitUntil(`the event ${event}`, async () => this.events.slice(from).find(([name]) => name === event), {
      withinMs: 10_000,
      everyMs: 10,
    })
  }

  async gone(withinMs: number): Promise<string> {
    return waitUntil('the end of the socket', async () => this.ended, { withinMs, everyMs: 20 })
  }

  close(): void {
    this.#socket?.close()
    this.ended ??= 'closed by ourselves'
  }

  async #upgrade(endpoint: string, origin: string): Promise<void> {
    const socket = new WebSocket(endpoint, { headers: this.#headers, origin })
    this.#socket = socket
    socket.on('close', () => (this.ended ??= 'the server closed it'))
    await once(socket, 'open')
    socket.send('2probe')
    await once(socket, 'message')
    socket.on('message', (packet) => this.#hear(String(packet)))
    socket.send('5')
  }

  async #poll(): Promise<void> {
    while (this.ended === undefined) {
      const response = await fetch(this.#polling, { headers: this.#headers }).catch(() => undefined)
      if (!response?.ok) this.ended ??= `the server closed it: ${response?.status ?? 'no answer'}`
      else for (const packet of (await response.text()).split('\x1e')) this.#hear(packet)
    }
  }

  #hear(packet: string): void {
    if (packet === '2') void this.#say('3')
    else if (packet === '1' || packet === '41') this.ended ??= 'the server closed it'
    else if (packet.startsWith('44')) this.ended ??= `refused: ${packet.slice(2)}`
    else if (packet.startsWith('40')) this.events.push(['connected'])
    else if (packet.startsWith('42')) this.events.push(JSON.parse(packet.slice(2)) as unknown[])
  }

  async #say(packet: string): Promise<void> {
    if (this.#socket) this.#socket.send(packet)
    else await textOf(await fetch(this.#polling, { method: 'POST', headers: this.#headers, body: packet }))
  }
}

async function textOf(response: Response): Promise<string> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text.trim()}`)
  return text
}
