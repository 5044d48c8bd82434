import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DatabaseLogin } from '../../../platform/runtime/embedded-database.ts'
import type { Condition } from '../../../platform/wire/condition.ts'

export interface KeeperTask {
  readonly login: DatabaseLogin
  /** What the clock shows all the time, UTC milliseconds. */
  readonly now: number
  /** Since when outages explain what is noticed: of a device `<event>.<number>` the outage `<event>`. */
  readonly outagesSince: number
}

export interface Offer {
  readonly offer: number
  readonly conditions: readonly Condition[]
}

/** What became of an offer. */
export interface Answer {
  readonly offer: number
  /** Why it was not stored; undefined: it is. */
  readonly refused?: string
  /** So far. */
  readonly peaks: KeeperPeaks
}

export interface KeeperPeaks {
  readonly heapMb: number
  readonly waiting: number
  readonly cpuSeconds: number
}

const childFile = fileURLToPath(new URL('keeper-child.fixture.js', import.meta.url))

/**
 * A keeper of alarms in a process of its own, which a test may kill at any moment and whose memory is that of the keeper and of
 * nothing else.
 */
export class KeeperProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  readonly #open = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  #offers = 0
  peaks: KeeperPeaks = { heapMb: 0, waiting: 0, cpuSeconds: 0 }

  constructor(task: KeeperTask) {
    this.#child = fork(childFile, { serialization: 'advanced' })
    this.#child.on('message', (answer: Answer) => {
      this.peaks = answer.peaks
      this.#open.get(answer.offer)?.resolve(answer)
      this.#open.delete(answer.offer)
    })
    this.#ended = new Promise((resolve) =>
      this.#child.once('exit', () => {
        for (const { reject } of this.#open.values()) reject(new Error('the keeper is gone'))
        this.#open.clear()
        resolve()
      }),
    )
    this.#child.send(task)
  }

  /** @returns what became of it @throws where the process is gone before it says so */
  offer(conditions: readonly Condition[]): Promise<Answer> {
    const offer = ++this.#offers
    return new Promise((resolve, reject) => {
      this.#open.set(offer, { resolve, reject })
      this.#child.send({ offer, conditions } satisfies Offer, (error) => {
        if (!error) return
        this.#open.delete(offer)
        reject(error)
      })
    })
  }

  /** At once, whatever it is doing. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}
