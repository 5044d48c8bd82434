import { setTimeout as sleep } from 'node:timers/promises'

/** Something that runs until it is stopped, or dies. */
export interface Running {
  /** Settles when it has ended, asked to or not, with how. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

export interface Backoff {
  readonly firstMs: number
  readonly mostMs: number
  /** After running for this long its death counts as the first again. */
  readonly stableMs: number
}

const defaultBackoff: Backoff = { firstMs: 1_000, mostMs: 30_000, stableMs: 60_000 }

export interface Kept {
  /** Settles with the first launch: rejects if that one fails and `firstMustSucceed`. */
  readonly started: Promise<void>
  stop(): Promise<void>
}

export interface KeepRunningOptions {
  readonly launch: (stopping: AbortSignal) => Promise<Running>
  readonly log: (line: string) => void
  readonly backoff?: Backoff
  /** A first launch that fails is then not repeated: something is wrong that waiting does not mend. */
  readonly firstMustSucceed?: boolean
}

/** Launches something, and again whenever it dies or fails to launch: at once never, after 1 s first, then twice as long up to 30 s. */
export function keepRunning({
  launch,
  log,
  backoff = defaultBackoff,
  firstMustSucceed = false,
}: KeepRunningOptions): Kept {
  const stopping = new AbortController()
  const { promise: started, resolve, reject } = Promise.withResolvers<void>()
  let running: Running | undefined

  async function run(): Promise<void> {
    let delay = backoff.firstMs
    let launched = false
    while (!stopping.signal.aborted) {
      const began = Date.now()
      let how: string
      try {
        running = await launch(stopping.signal)
        // Whoever asked it to stop meanwhile found nothing to stop yet.
        if (stopping.signal.aborted) await running.stop()
        if (launched) log('running again')
        launched = true
        resolve()
        how = `ended (${await running.ended})`
      } catch (error) {
        how = `does not start: ${(error as Error).message}`
        if (firstMustSucceed && !launched) return reject(error as Error)
      }
      running = undefined
      if (stopping.signal.aborted) return
      if (Date.now() - began >= backoff.stableMs) delay = backoff.firstMs
      log(`${how}; next start in ${delay / 1000} s`)
      await sleep(delay, undefined, { signal: stopping.signal }).catch(ignoreAbort)
      delay = Math.min(delay * 2, backoff.mostMs)
    }
  }

  const done = run()
  // Who does not wait for the start is told by the log.
  started.catch(() => undefined)
  return {
    started,
    async stop() {
      stopping.abort()
      await running?.stop()
      await done
      resolve()
    },
  }
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error
}
