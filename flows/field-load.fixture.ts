import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startOffer } from '../simulator/load/offer.ts'
import { loads, type LoadKind } from './field-messages.fixture.ts'

export interface Load {
  readonly brokerUrl: string
  /** Where the broker asks who comes. */
  readonly login?: { readonly username: string; readonly password: string }
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

const script = fileURLToPath(import.meta.url)
const inFlightEach = 2_000

interface Report {
  readonly published: number
  readonly seconds?: number
  readonly fault?: string
}

/**
 * Publishes at QoS 1 from a process of its own, with the load generator of the simulator, so that a busy test neither
 * slows it nor is slowed. Gives up when the broker acknowledges nothing for a minute.
 */
export function startLoad(load: Load): RunningLoad {
  const child = fork(script, [JSON.stringify(load)], { execArgv: [] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let published = 0
  const done = new Promise<number>((resolve, reject) => {
    child.on('message', (report: Report) => {
      published = report.published
      if (report.fault !== undefined) reject(new Error(report.fault))
      else if (report.seconds !== undefined) resolve(report.seconds)
    })
    child.once('error', reject)
    void ended.then(() => reject(new Error(`the load ended after ${published} of ${load.count} messages`)))
  })
  // Whoever stops it early does not wait for the end.
  done.catch(() => undefined)
  return {
    get published() {
      return published
    },
    done,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function offer({
  brokerUrl,
  login,
  kind,
  from = 0,
  count,
  perSecond = Infinity,
  publishers,
  start,
}: Load): Promise<void> {
  const report = (now: Report) => process.send?.(now)
  // Whoever started us was killed.
  process.once('disconnect', () => process.exit(1))
  try {
    const offering = await startOffer({
      broker: { url: brokerUrl, ...login },
      clientId: `load-${process.pid}-${kind}-${from}`,
      messageOf: (n) => loads[kind](from + n, start),
      ...{ count, perSecond, qos: 1, connections: publishers, inFlight: publishers * inFlightEach },
    })
    const reporting = setInterval(() => report({ published: offering.progress.acknowledged }), 50)
    const { acknowledged, seconds } = await offering.done
    clearInterval(reporting)
    report({ published: acknowledged, seconds })
  } catch (error) {
    report({ published: 0, fault: error instanceof Error ? error.message : String(error) })
  }
  process.disconnect()
}

if (process.argv[1] === script && process.argv[2] !== undefined) await offer(JSON.parse(process.argv[2]) as Load)
