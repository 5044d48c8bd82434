import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { connectAsync, type MqttClient } from 'mqtt'
import { loads, type LoadKind } from './field-messages.fixture.ts'

export interface Load {
  readonly brokerUrl: string
  readonly kind: LoadKind
  /** Messages `from`, `from + 1` … `from + count - 1` of their kind. */
  readonly from?: number
  readonly count: number
  /** Messages a second; without it as fast as the broker takes them. */
  readonly perSecond?: number
  /** Connections that share the load. */
  readonly publishers: number
  /** Instant of message 0, UTC milliseconds. */
  readonly start: number
}

export interface RunningLoad {
  /** Messages that the broker has acknowledged so far. */
  readonly published: number
  /** Resolves with the seconds it took when the broker has acknowledged them all. */
  readonly done: Promise<number>
  stop(): Promise<void>
}

/** One publisher has 65,535 packet ids at most; far fewer in flight are as fast. */
const mostInFlight = 2_000
const patienceMs = 60_000

/**
 * Publishes at QoS 1 from a thread of its own, so that a busy test neither slows it nor is slowed.
 * Gives up when the broker acknowledges nothing for a minute.
 */
export function startLoad(load: Load): RunningLoad {
  const worker = new Worker(new URL(import.meta.url), { workerData: load })
  let published = 0
  const done = new Promise<number>((resolve, reject) => {
    worker.on('message', (message: { published: number; seconds?: number }) => {
      published = message.published
      if (message.seconds !== undefined) resolve(message.seconds)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error(`the load ended after ${published} of ${load.count} messages`)))
  })
  // Whoever stops it early does not wait for the end.
  done.catch(() => undefined)
  return {
    get published() {
      return published
    },
    done,
    stop: async () => void (await worker.terminate()),
  }
}

async function run(load: Load): Promise<void> {
  const { brokerUrl, count, publishers, perSecond = Infinity, from = 0, start } = load
  const messageOf = loads[load.kind]
  const clients = await Promise.all(
    Array.from({ length: publishers }, (_, index) =>
      connectAsync(brokerUrl, { clientId: `load-${process.pid}-${load.kind}-${from}-${index}`, reconnectPeriod: 500 }),
    ),
  )
  const began = performance.now()
  const inFlight = clients.map(() => 0)
  let sent = 0
  let acknowledged = 0
  let lastProgress = performance.now()
  let fault: Error | undefined
  const publishBy = (client: MqttClient, index: number): void => {
    const { topic, payload } = messageOf(from + sent++, start)
    inFlight[index]!++
    client.publish(topic, payload, { qos: 1 }, (error) => {
      inFlight[index]!--
      acknowledged++
      lastProgress = performance.now()
      if (error) fault ??= error
    })
  }
  const reporting = setInterval(() => parentPort!.postMessage({ published: acknowledged }), 50)
  while (acknowledged < count) {
    if (fault) throw fault
    const due = Math.min(count, ((performance.now() - began) / 1_000) * perSecond)
    let full = 0
    while (sent < due && full < clients.length) {
      const index = sent % clients.length
      const free = inFlight[index]! < mostInFlight ? index : inFlight.findIndex((flight) => flight < mostInFlight)
      if (free < 0) full = clients.length
      else publishBy(clients[free]!, free)
      if (sent % 200 === 0) break
    }
    if (performance.now() - lastProgress > patienceMs) throw new Error('the broker acknowledges nothing')
    // Lets the sockets breathe; at full speed without a pause.
    await (perSecond === Infinity && sent < count && full === 0 ? new Promise(setImmediate) : sleep(2))
  }
  clearInterval(reporting)
  await Promise.all(clients.map((client) => client.endAsync()))
  parentPort!.postMessage({ published: acknowledged, seconds: (performance.now() - began) / 1_000 })
}

if (!isMainThread && parentPort && (workerData as Load | null)?.brokerUrl) await run(workerData as Load)
