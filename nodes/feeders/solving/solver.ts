import { ReplyingThread } from '../../../platform/threads/replying-thread.ts'
import type { Allocation, AllocationMode } from '../domain/allocation/allocation.ts'
import type { HorizonProblem } from '../domain/allocation/horizon.ts'
import type { Problem } from '../domain/allocation/problem.ts'
import type { Reply, Request } from './solving-messages.ts'

export interface SolvingSettings {
  /** A solver that has not answered by then is ended, and the heuristic answers: CONTROL_OPTIMIZER_TIMEOUT_MS. */
  readonly timeoutMs: number
  /** Variables from which HiGHS solves: CONTROL_OPTIMIZER_LARGE_FROM. */
  readonly largeFrom: number
}

export interface Solving {
  /**
   * Shares what there is to share, in a thread of its own, one after the other. What a solver cannot do in time the heuristic does, and
   * `fallback` says why. `mpc` needs a horizon; of a problem alone it is the optimizer.
   * @throws RangeError if the problem has faults
   * @throws SolvingFailed if too many wait already, this is closed, or not even the heuristic answers
   * @throws the reason of `signal` if it is aborted
   */
  solveAllocation(
    mode: AllocationMode,
    problem: Problem | HorizonProblem,
    settings: SolvingSettings,
    signal?: AbortSignal,
  ): Promise<Allocation>
  /** Ends the thread; what waits or is being solved is refused. */
  close(): Promise<void>
}

export class SolvingFailed extends Error {
  override readonly name = 'SolvingFailed'
}

/** Problems that wait beside the one that is being solved: more means that the loop asks faster than anybody can answer. */
const mostWaiting = 16

/** A thread that has not begun by then never will. */
const startMs = 30_000

/** The heuristic takes milliseconds; this is for a machine that does nothing but swap. */
const leastForHeuristicMs = 5_000

const threadFile = new URL('./solving-thread.js', import.meta.url)

/**
 * Opens the thread where allocations are solved; it starts with the first problem, and is replaced when it crashes, hangs or says that
 * its solver is broken.
 * @param file of the thread; another one in tests
 */
export function openSolving(file: URL = threadFile): Solving {
  return new SolvingInThread(file)
}

interface Task {
  readonly request: Request
  readonly timeoutMs: number
  readonly settle: (allocation: Allocation) => void
  readonly refuse: (error: unknown) => void
  dropped: boolean
}

class SolvingInThread implements Solving {
  private readonly file: URL
  private readonly waiting: Task[] = []
  private thread: ReplyingThread<Request, Reply> | null = null
  private running: Promise<void> | null = null
  private current: Task | null = null
  private closed = false

  constructor(file: URL) {
    this.file = file
  }

  solveAllocation(
    mode: AllocationMode,
    problem: Problem | HorizonProblem,
    { timeoutMs, largeFrom }: SolvingSettings,
    signal?: AbortSignal,
  ): Promise<Allocation> {
    return new Promise((settle, refuse) => {
      signal?.throwIfAborted()
      if (this.closed) throw new SolvingFailed('solving has been closed')
      if (this.waiting.length >= mostWaiting)
        throw new SolvingFailed(`${mostWaiting} problems wait to be solved already: this one is one too many`)
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
        request: { mode, problem, largeFrom, insteadBecause: null },
        timeoutMs,
        settle: done(settle),
        refuse: done(refuse),
        dropped: false,
      }
      signal?.addEventListener('abort', give, { once: true })
      this.waiting.push(task)
      this.running ??= this.run()
    })
  }

  async close(): Promise<void> {
    this.closed = true
    const refusal = new SolvingFailed('solving has been closed')
    for (const task of [...this.waiting.splice(0), ...(this.current ? [this.current] : [])]) {
      task.dropped = true
      task.refuse(refusal)
    }
    await this.endThread()
    await this.running
  }

  private async run(): Promise<void> {
    for (let task = this.waiting.shift(); task; task = this.waiting.shift()) {
      if (task.dropped) continue
      this.current = task
      try {
        task.settle(await this.solve(task))
      } catch (error) {
        task.refuse(error)
      }
      this.current = null
    }
    this.running = null
  }

  /** First as asked; if the thread fails at it, by the heuristic in a new one. */
  private async solve({ request, timeoutMs }: Task): Promise<Allocation> {
    try {
      return await this.ask(request, timeoutMs)
    } catch (error) {
      if (!(error instanceof SolvingFailed) || this.closed) throw error
      const reason = error.message
      return await this.ask(
        { ...request, insteadBecause: request.mode === 'heuristic' ? null : reason },
        Math.max(timeoutMs, leastForHeuristicMs),
      )
    }
  }

  private async ask(request: Request, timeoutMs: number): Promise<Allocation> {
    try {
      if (this.closed) throw new SolvingFailed('solving has been closed')
      this.thread ??= new ReplyingThread(this.file, { name: 'the solving thread', mostHeapMb: 512 })
      const { thread } = this
      await thread.ready(startMs)
      thread.post(request)
      const reply = await thread.reply(timeoutMs, `no solution within ${timeoutMs} ms`)
      if (reply.kind === 'refused')
        throw reply.name === 'RangeError' ? new RangeError(reply.message) : new Error(reply.message)
      if (reply.broken) await this.endThread()
      return reply.allocation
    } catch (error) {
      if (!(error instanceof RangeError)) await this.endThread()
      throw error instanceof RangeError || error instanceof SolvingFailed
        ? error
        : new SolvingFailed(error instanceof Error ? error.message : String(error))
    }
  }

  private async endThread(): Promise<void> {
    const { thread } = this
    this.thread = null
    await thread?.end('solving has been closed')
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
