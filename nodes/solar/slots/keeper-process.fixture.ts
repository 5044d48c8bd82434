import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DatabaseLogin } from '../../../platform/runtime/embedded-database.ts'

export interface KeepersTask {
  readonly login: DatabaseLogin
  /** What the clock shows all the time, UTC milliseconds. */
  readonly now: number
}

const childFile = fileURLToPath(new URL('keeper-child.fixture.js', import.meta.url))

/** Runs both readers of slots in a process of its own, and kills it in the midst of its work. @param steps  after so many it said */
export async function runAndKill(task: KeepersTask, steps: number, restMs: number): Promise<void> {
  const child = fork(childFile, { serialization: 'advanced' })
  try {
    child.send(task)
    for (let step = 0; step < steps; step++) await once(child, 'message', { signal: AbortSignal.timeout(60_000) })
    await new Promise((resolve) => setTimeout(resolve, restMs))
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}
