import { Worker } from 'node:worker_threads'
import type { Transferable } from 'node:worker_threads'

/** What a thread says first, once it can be asked. */
export interface Ready {
  readonly kind: 'ready'
}

/** The thread has ended, crashed, or said nothing in time: nothing more comes of it. */
export class ThreadFailed extends Error {
  override readonly name = 'ThreadFailed'
}

export interface ThreadOptions {
  /** As errors call it: `the solving thread`. */
  readonly name: string
  /** What leaks or runs away beyond that ends this thread, and not the process. */
  readonly mostHeapMb: number
}

/**
 * A thread that says `ready` once and then one reply for each request. While nobody waits for it, it does not keep the process alive.
 */
export class ReplyingThread<Request, Reply extends { readonly kind: string }> {
  readonly #name: string
  readonly #worker: Worker
  readonly #replies: Reply[] = []
  #isReady = false
  #failure: Error | null = null
  #wake: (() => void) | null = null

  /** @param file  of the thread, as it is built */
  constructor(file: URL, { name, mostHeapMb }: ThreadOptions) {
    this.#name = name
    this.#worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: mostHeapMb } })
    this.#worker.on('message', (said: Reply | Ready) => this.#hear(() => this.#take(said)))
    this.#worker.on('error', (error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))))
    this.#worker.on('exit', (code) => this.#fail(new Error(`${name} ended with code ${code}`)))
    this.#worker.unref()
  }

  /** Whether it has ended or crashed, be it while nobody asked it anything. */
  get hasFailed(): boolean {
    return this.#failure !== null
  }

  /** Waits until it can be asked; at once if it could before. @throws ThreadFailed if it fails first, or does not begin in time */
  async ready(withinMs: number): Promise<void> {
    await this.#wait(withinMs, `${this.#name} has not begun`, () => this.#isReady || undefined)
  }

  /** @param transfer  buffers that are the thread's from now on */
  post(request: Request, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(request, transfer)
  }

  /** @throws ThreadFailed if it fails first, or says nothing in time: then with `otherwise` */
  reply(withinMs: number, otherwise: string): Promise<Reply> {
    return this.#wait(withinMs, otherwise, () => this.#replies.shift())
  }

  /** Ends it; whoever waits for a reply gets none. @param reason  what they are told */
  async end(reason: string): Promise<void> {
    this.#fail(new Error(reason))
    await this.#worker.terminate()
  }

  async #wait<T>(withinMs: number, otherwise: string, look: () => T | undefined): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    this.#worker.ref()
    try {
      return await new Promise<T>((settle, refuse) => {
        timer = setTimeout(() => refuse(new ThreadFailed(otherwise)), withinMs)
        this.#wake = () => {
          const found = look()
          if (found !== undefined) settle(found)
          else if (this.#failure) refuse(new ThreadFailed(this.#failure.message))
        }
        this.#wake()
      })
    } finally {
      clearTimeout(timer)
      this.#wake = null
      this.#worker.unref()
    }
  }

  #take(said: Reply | Ready): void {
    if (said.kind === 'ready') this.#isReady = true
    else this.#replies.push(said as Reply)
  }

  #fail(error: Error): void {
    this.#hear(() => (this.#failure ??= error))
  }

  #hear(what: () => unknown): void {
    what()
    this.#wake?.()
  }
}
