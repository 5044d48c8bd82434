import { fork } from 'node:child_process'
import type { Load, LoadReport } from './publisher.fixture.ts'

export interface RunningLoad {
  /** Messages that the broker has acknowledged so far. */
  readonly published: number
  /** Resolves when the broker has acknowledged them all; seconds it took, and of processor time it used. */
  readonly done: Promise<{ seconds: number; cpuSeconds: number }>
}

/** Publishes the fleet's readings from a process of its own. */
export function startLoad(load: Load): RunningLoad {
  const child = fork(new URL('publisher.fixture.js', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let published = 0
  const done = new Promise<{ seconds: number; cpuSeconds: number }>((resolve, reject) => {
    child.on('message', (report: LoadReport) => {
      published = report.published
      const { seconds, cpuSeconds } = report
      if (seconds !== undefined && cpuSeconds !== undefined) resolve({ seconds, cpuSeconds })
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`the load ended after ${published} of ${load.count} messages`)))
  })
  child.send(load)
  return {
    get published() {
      return published
    },
    done,
  }
}
