import type { Database } from './database.ts'

/** Something that one has kept, and how to say that one does not want it any more: saying it twice says it once. */
export interface Shared<T> {
  readonly kept: T
  release(): Promise<void>
}

interface Running<T> {
  readonly kept: T
  users: number
}

/** What a process keeps once for all who want it over one database: with the last who releases it it ends. */
export class OncePerDatabase<T extends { close(): Promise<void> }> {
  readonly #running = new Map<Database, Running<T>>()

  /** Of how many databases it is kept. */
  get size(): number {
    return this.#running.size
  }

  /** What is kept of a database; undefined where nobody has it kept. */
  of(database: Database): T | undefined {
    return this.#running.get(database)?.kept
  }

  /** @param start  called where nobody has it kept yet */
  keep(database: Database, start: () => T): Shared<T> {
    const running = this.#running.get(database) ?? { kept: start(), users: 0 }
    this.#running.set(database, running)
    running.users++
    let released = false
    return {
      kept: running.kept,
      release: async () => {
        if (released) return
        released = true
        if (--running.users > 0) return
        this.#running.delete(database)
        await running.kept.close()
      },
    }
  }
}
