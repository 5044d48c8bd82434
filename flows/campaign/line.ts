import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { confirmedBy, type Packet, PacketCutter, puback, readPublish, versionAsked } from './packets.ts'
import type { Fate } from './misbehaviour.ts'

/** Something that is sent on the line: a command to the field, or an answer of a device. */
export interface Passing {
  readonly kind: 'command' | 'answer'
  readonly deviceId: string
  readonly payload: Buffer
  /** Its sender says that it has sent it before. */
  readonly repeated: boolean
  readonly retained: boolean
}

/** Where a message stands: it comes onto the line, it left it for its receiver, its confirmation comes back, that was let through. */
export const moments = ['arrives', 'passed', 'confirmed', 'confirmation-passed'] as const
export type Moment = (typeof moments)[number]

export interface LineOptions {
  /** Where the broker is. */
  readonly brokerPort: number
  /** What becomes of a message. */
  readonly fate: (message: Passing) => Fate
  /** Sees every moment of every message; `cut` ends the connection there and then, and nothing more passes. */
  readonly watch?: (moment: Moment, message: Passing) => 'cut' | undefined
  /** Brings a message that comes late or twice: on a way of its own, for the connection may be gone by then. */
  readonly bringLater: (
    message: { readonly topic: string; readonly payload: Buffer; readonly qos: 0 | 1 },
    afterMs: number,
  ) => void
}

/**
 * The line between the platform and its broker: TCP, through which everything passes as it is, but commands to the field and answers
 * of devices, with which it does as `fate` says. Answers at QoS 0 pass: no device sends them so, but whoever brings them later.
 */
export class Line {
  readonly #options: LineOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(options: LineOptions) {
    this.#options = options
    this.#server = createServer((near) => this.#connect(near))
  }

  /** @returns its port on loopback */
  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  /** Every connection ends at once. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #connect(near: Socket): void {
    const far = createConnection({ port: this.#options.brokerPort, host: '127.0.0.1', noDelay: true })
    near.setNoDelay(true)
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        end()
      })
    }
    const connection = new Connection(this.#options, near, far, end)
    near.on('data', (chunk: Buffer) => connection.take('out', chunk))
    far.on('data', (chunk: Buffer) => connection.take('in', chunk))
  }
}

/** To the broker, or from it. */
type Direction = 'out' | 'in'
const opposite = { out: 'in', in: 'out' } as const

class Connection {
  readonly #options: LineOptions
  readonly #receiver: Readonly<Record<Direction, Socket>>
  readonly #cutters = { out: new PacketCutter(), in: new PacketCutter() }
  /** Messages that are not confirmed yet, by their packet id, for each direction they went. */
  readonly #open = { out: new Map<number, Passing>(), in: new Map<number, Passing>() }
  readonly #end: () => void
  #version = 4
  #isCut = false

  constructor(options: LineOptions, near: Socket, far: Socket, end: () => void) {
    this.#options = options
    this.#receiver = { out: far, in: near }
    this.#end = end
  }

  take(direction: Direction, chunk: Buffer): void {
    for (const packet of this.#cutters[direction].push(chunk)) {
      if (this.#isCut) return
      this.#version = versionAsked(packet) ?? this.#version
      const confirmed = confirmedBy(packet)
      if (confirmed !== undefined) this.#confirm(direction, packet, confirmed)
      else this.#message(direction, packet)
    }
  }

  #send(direction: Direction, packet: Packet): void {
    this.#receiver[direction].write(packet)
  }

  #sees(moment: Moment, message: Passing): boolean {
    if (this.#options.watch?.(moment, message) !== 'cut') return true
    this.#isCut = true
    this.#end()
    return false
  }

  #confirm(direction: Direction, packet: Packet, packetId: number): void {
    const open = this.#open[opposite[direction]]
    const message = open.get(packetId)
    open.delete(packetId)
    if (message && !this.#sees('confirmed', message)) return
    this.#send(direction, packet)
    if (message) this.#sees('confirmation-passed', message)
  }

  #message(direction: Direction, packet: Packet): void {
    const publish = readPublish(packet, this.#version)
    const message = publish && passing(direction, publish)
    if (!publish || !message) return this.#send(direction, packet)
    if (!this.#sees('arrives', message)) return
    const { packetId, topic, payload } = publish
    const fate: Fate = packetId === undefined && direction === 'in' ? { kind: 'passed' } : this.#options.fate(message)
    if (fate.kind === 'duplicated' || fate.kind === 'delayed')
      this.#options.bringLater(
        { topic, payload: Buffer.from(payload), qos: packetId === undefined ? 0 : 1 },
        fate.afterMs,
      )
    if (packetId !== undefined && (fate.kind === 'delayed' || (fate.kind === 'dropped' && fate.confirmed)))
      this.#send(opposite[direction], puback(packetId))
    if (fate.kind === 'delayed' || fate.kind === 'dropped') return
    if (packetId !== undefined) this.#open[direction].set(packetId, message)
    this.#send(direction, packet)
    this.#sees('passed', message)
  }
}

function passing(
  direction: Direction,
  { topic, payload, repeated, retained }: { topic: string; payload: Buffer; repeated: boolean; retained: boolean },
): Passing | undefined {
  const [, kind, deviceId] = /^grid\/(commands|acks)\/([^/]+)$/.exec(topic) ?? []
  // An empty one says nothing: with it the platform finds out whether the broker passes on what it publishes.
  if (deviceId === undefined || payload.length === 0 || (kind === 'commands') !== (direction === 'out'))
    return undefined
  return { kind: kind === 'commands' ? 'command' : 'answer', deviceId, payload, repeated, retained }
}
