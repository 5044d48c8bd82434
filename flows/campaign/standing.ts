import { setTimeout as sleep } from 'node:timers/promises'
import { isAbort } from '../../platform/clock/pause.ts'

const pollMs = 300

/** Looks again and again which commands are not over. */
export class Standing<Command> {
  readonly #ask: () => Promise<readonly Command[]>
  readonly #look: (standing: readonly Command[]) => Promise<void>
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #next = Promise.withResolvers<readonly Command[]>()
  /** What went wrong when somebody looked. */
  #fault: Error | undefined

  /**
   * @param ask   the database, which may be away
   * @param look  told each time; nobody waits for it
   */
  constructor(ask: () => Promise<readonly Command[]>, look: (standing: readonly Command[]) => Promise<void>) {
    this.#ask = ask
    this.#look = look
    this.#running = this.#run()
  }

  /** The next answer to a question that is asked from now on. @throws what went wrong when somebody looked */
  async next(signal: AbortSignal): Promise<readonly Command[]> {
    await this.#next.promise
    signal.throwIfAborted()
    const standing = await this.#next.promise
    if (this.#fault) throw this.#fault
    return standing
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await sleep(pollMs)
      try {
        const standing = await this.#ask()
        this.#next.resolve(standing)
        this.#next = Promise.withResolvers()
        this.#look(standing).catch((error: unknown) => {
          if (!isAbort(error)) this.#fault ??= error as Error
        })
      } catch {
        // The database is being killed.
      }
    }
    this.#next.resolve([])
  }
}
