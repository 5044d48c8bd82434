/**
 * The load of the benchmark, a process of its own: publishes readings at QoS 1 at a given rate. Speaks as much of MQTT
 * 3.1.1 as that takes, a third of the processor time of a full client: on one machine with what is measured, the load
 * must be neither the wall nor half of the work.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { benchMessage, type Shape } from './readings.fixture.ts'

export interface Load {
  readonly port: number
  readonly shape: Shape
  /** Messages a second. */
  readonly perSecond: number
  readonly count: number
}

export interface LoadReport {
  /** Messages that the broker has acknowledged. */
  readonly published: number
  /** At the end: how long it took, and the processor time that publishing used, s. */
  readonly seconds?: number
  readonly cpuSeconds?: number
}

const connections = 4
/** Unacknowledged messages a connection: its ids are reused only when they are long free. */
const mostInFlight = 4_000
const patienceMs = 60_000

class Connection {
  #socket: Socket
  #nextId = 0
  #unread: Buffer = Buffer.alloc(0)
  sent = 0
  acknowledged = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes) => this.#read(bytes))
  }

  static async open(port: number, clientId: string): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    // Protocol MQTT, level 4, clean session, no keep-alive.
    const body = Buffer.concat([field('MQTT'), Buffer.from([4, 2, 0, 0]), field(clientId)])
    socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]))
    const [connack] = (await once(socket, 'data')) as [Buffer]
    if (connack[0] !== 0x20 || connack[3] !== 0)
      throw new Error(`the broker refuses the load: ${connack.toString('hex')}`)
    return new Connection(socket)
  }

  get isFull(): boolean {
    return this.sent - this.acknowledged >= mostInFlight
  }

  publish(topic: string, payload: string): void {
    this.#nextId = (this.#nextId % 65_535) + 1
    this.sent++
    this.#socket.write(publishPacket(topic, payload, this.#nextId))
  }

  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  async close(): Promise<void> {
    this.#socket.end(Buffer.from([0xe0, 0]))
    await once(this.#socket, 'close')
  }

  /** Nothing comes but PUBACKs of four bytes. */
  #read(bytes: Buffer): void {
    const all = this.#unread.length > 0 ? Buffer.concat([this.#unread, bytes]) : bytes
    const whole = all.length - (all.length % 4)
    for (let at = 0; at < whole; at += 4)
      if (all[at] !== 0x40) throw new Error(`the broker answers ${all.subarray(at, at + 4).toString('hex')}, no PUBACK`)
    this.acknowledged += whole / 4
    this.#unread = all.subarray(whole)
  }
}

/** Text of ASCII, with its length before it. */
function field(text: string): Buffer {
  const bytes = Buffer.alloc(2 + text.length)
  bytes.writeUInt16BE(text.length)
  bytes.write(text, 2, 'latin1')
  return bytes
}

/** A PUBLISH at QoS 1; topic and payload are ASCII. */
function publishPacket(topic: string, payload: string, id: number): Buffer {
  const remaining = 2 + topic.length + 2 + payload.length
  const header = remaining < 128 ? 2 : remaining < 16_384 ? 3 : 4
  const packet = Buffer.allocUnsafe(header + remaining)
  let at = 0
  packet[at++] = 0x32
  let left = remaining
  for (; left >= 128; left >>= 7) packet[at++] = (left & 127) | 128
  packet[at++] = left
  at = packet.writeUInt16BE(topic.length, at)
  at += packet.write(topic, at, 'latin1')
  at = packet.writeUInt16BE(id, at)
  packet.write(payload, at, 'latin1')
  return packet
}

async function run({ port, shape, perSecond, count }: Load): Promise<void> {
  const open = await Promise.all(
    Array.from({ length: connections }, (_, index) => Connection.open(port, `bench-${process.pid}-${index}`)),
  )
  const acknowledged = (): number => open.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  const report = (last: Partial<LoadReport> = {}): void => void process.send!({ published: acknowledged(), ...last })
  const reporting = setInterval(report, 50)
  const cpu = process.cpuUsage()
  const began = performance.now()
  let sent = 0
  let progress = { published: 0, at: began }
  while (acknowledged() < count) {
    const due = Math.min(count, Math.floor(((performance.now() - began) / 1_000) * perSecond))
    for (const connection of open) connection.cork()
    // No more at once than a moment's worth: acknowledgements must get through.
    for (const end = Math.min(due, sent + 1_000); sent < end; sent++) {
      const connection = open[sent % connections]!
      if (connection.isFull) break
      const { topic, payload } = benchMessage(shape, sent, Date.now())
      connection.publish(topic, payload)
    }
    for (const connection of open) connection.uncork()
    const published = acknowledged()
    if (published > progress.published) progress = { published, at: performance.now() }
    else if (performance.now() - progress.at > patienceMs) throw new Error('the broker acknowledges nothing')
    await sleep(2)
  }
  clearInterval(reporting)
  const { user, system } = process.cpuUsage(cpu)
  report({ seconds: (performance.now() - began) / 1_000, cpuSeconds: (user + system) / 1e6 })
  await Promise.all(open.map((connection) => connection.close()))
  process.exit()
}

if (process.send) {
  // Whoever started us is gone.
  process.once('disconnect', () => process.exit(1))
  process.once('message', (load) => void run(load as Load))
}
