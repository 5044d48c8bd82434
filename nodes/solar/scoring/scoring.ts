import type { Rows } from '../domain/forest/rows.ts'
import type { TrainingOptions } from '../domain/forest/training.ts'
import { ReplyingThread, ThreadFailed } from '../../../platform/threads/replying-thread.ts'
import type { Reply, Request } from './scoring-messages.ts'

/** A forest as it is stored, and how it is called. */
export interface StoredTrees {
  /** Another name is another forest. */
  readonly model: string
  /** As `forestToBytes` writes them. */
  readonly trees: Uint8Array
}

export interface Scoring {
  /**
   * Grows a forest, in a thread of its own, one request after the other.
   * @param rows  theirs from now on: their buffers change hands
   * @throws RangeError if rows or options are none to grow a forest from
   * @throws ScoringFailed if too many wait already, it took too long, the thread died, or this is closed
   * @throws the reason of `signal` if it is aborted
   */
  train(rows: Rows, options: TrainingOptions, signal?: AbortSignal): Promise<{ trees: Uint8Array; threshold: number }>
  /**
   * Scores rows by a forest: `scoreRows`, in that thread.
   * @throws as `train` does
   */
  score(stored: StoredTrees, rows: Rows, signal?: AbortSignal): Promise<Float64Array>
  /** Ends the thread; what waits or is being done is refused. */
  close(): Promise<void>
}

/** What was asked for could not be had; the next request finds a new thread. */
export class ScoringFailed extends Error {
  override readonly name = 'ScoringFailed'
}

export interface ScoringOptions {
  /** Of the thread; another one in tests. */
  readonly file?: URL
  /** A thread that has not answered by then is ended. */
  readonly timeoutMs?: { readonly train: number; readonly score: number }
}

/** Requests that wait beside the one that is being answered. */
const mostWaiting = 16

/** Rows of one request: two days of 5-minute means of more than 300 panels. Whoever has more, asks more than once. */
export const mostRows = 200_000

/** Forests that the thread knows at a time: some 2 MB each there. */
const mostForests = 64

/** A thread that has not begun by then never will. */
const startMs = 30_000

const threadFile = new URL('./scoring-thread.js', import.meta.url)

/** Opens the thread that grows forests and scores by them; it starts with the first request, and is replaced when it dies or hangs. */
export function openScoring({
  file = threadFile,
  timeoutMs = { train: 120_000, score: 30_000 },
}: ScoringOptions = {}): Scoring {
  return new ScoringInThread(file, timeoutMs)
}

interface Task {
  /** Made when its turn has come: what the thread knows is known only then. */
  readonly request: () => Request
  readonly rows: Rows
  readonly timeoutMs: number
  readonly settle: (reply: Reply) => void
  readonly refuse: (error: unknown) => void
  dropped: boolean
}

class ScoringInThread implements Scoring {
  readonly #file: URL
  readonly #timeoutMs: { readonly train: number; readonly score: number }
  readonly #waiting: Task[] = []
  /** What the thread knows, the least needed first. */
  readonly #known = new Set<string>()
  #thread: ReplyingThread<Request, Reply> | null = null
  #running: Promise<void> | null = null
  #current: Task | null = null
  #closed = false

  constructor(file: URL, timeoutMs: { readonly train: number; readonly score: number }) {
    this.#file = file
    this.#timeoutMs = timeoutMs
  }

  async train(rows: Rows, options: TrainingOptions, signal?: AbortSignal) {
    const reply = await this.#ask(() => ({ kind: 'train', rows, options }), rows, this.#timeoutMs.train, signal)
    if (reply.kind !== 'trained') throw new ScoringFailed(`the scoring thread was to train, and said ${reply.kind}`)
    return { trees: reply.trees, threshold: reply.threshold }
  }

  async score({ model, trees }: StoredTrees, rows: Rows, signal?: AbortSignal): Promise<Float64Array> {
    const request = (): Request => {
      const isKnown = this.#known.delete(model)
      const forget = [...this.#known].slice(0, Math.max(0, this.#known.size - mostForests + 1))
      for (const name of forget) this.#known.delete(name)
      this.#known.add(model)
      return { kind: 'score', model, trees: isKnown ? null : trees, forget, rows }
    }
    const reply = await this.#ask(request, rows, this.#timeoutMs.score, signal)
    if (reply.kind !== 'scored') throw new ScoringFailed(`the scoring thread was to score, and said ${reply.kind}`)
    return reply.scores
  }

  async close(): Promise<void> {
    this.#closed = true
    const refusal = new ScoringFailed('scoring has been closed')
    for (const task of [...this.#waiting.splice(0), ...(this.#current ? [this.#current] : [])]) {
      task.dropped = true
      task.refuse(refusal)
    }
    await this.#endThread()
    await this.#running
  }

  #ask(request: () => Request, rows: Rows, timeoutMs: number, signal?: AbortSignal): Promise<Reply> {
    return new Promise((settle, refuse) => {
      signal?.throwIfAborted()
      if (this.#closed) throw new ScoringFailed('scoring has been closed')
      if (rows.present.length > mostRows)
        throw new RangeError(`${rows.present.length} rows are too many for one request: it takes ${mostRows}`)
      if (this.#waiting.length >= mostWaiting)
        throw new ScoringFailed(`${mostWaiting} requests wait for the scoring thread already: this is one too many`)
      const give = (): void => {
        task.dropped = true
        refuse(asError(signal?.reason))
      }
      const done = <T>(then: (value: T) => void) => {
        return (value: T): void => {
          signal?.removeEventListener('abort', give)
          then(value)
        }
      }
      const task: Task = {
        ...{ request, rows, timeoutMs, dropped: false },
        settle: done(settle),
        refuse: done(refuse),
      }
      signal?.addEventListener('abort', give, { once: true })
      this.#waiting.push(task)
      this.#running ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
      if (task.dropped) continue
      this.#current = task
      try {
        const reply = await this.#answer(task)
        if (reply.kind === 'refused') task.refuse(new RangeError(reply.message))
        else task.settle(reply)
      } catch (error) {
        task.refuse(error)
      }
      this.#current = null
    }
    this.#running = null
  }

  async #answer({ request, rows, timeoutMs }: Task): Promise<Reply> {
    if (this.#closed) throw new ScoringFailed('scoring has been closed')
    // It may have died while nobody asked it anything.
    if (this.#thread?.hasFailed) await this.#endThread()
    try {
      this.#thread ??= new ReplyingThread(this.#file, { name: 'the scoring thread', mostHeapMb: 512 })
      const thread = this.#thread
      await thread.ready(startMs)
      const asked = request()
      thread.post(asked, [rows.values.buffer, rows.present.buffer])
      const reply = await thread.reply(timeoutMs, `no answer of the scoring thread within ${timeoutMs} ms`)
      // The thread forgets a forest with which it could not answer.
      if (reply.kind === 'refused' && asked.kind === 'score') this.#known.delete(asked.model)
      return reply
    } catch (error) {
      await this.#endThread()
      throw error instanceof ThreadFailed ? new ScoringFailed(error.message) : error
    }
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    this.#known.clear()
    await thread?.end('scoring has been closed')
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
