import { parentPort } from 'node:worker_threads'
import { insteadOf } from './allocate.ts'
import type { Problem } from '../domain/allocation/problem.ts'
import type { Ready } from '../../../platform/threads/replying-thread.ts'
import type { Reply, Request } from './solving-messages.ts'

/**
 * A solving thread whose solver fails, by the length of the interval that it is asked for: 1 ms never answers, 2 ms throws, 3 ms exits,
 * 4 ms answers that it is broken. The heuristic answers, unless the interval is 5 ms: then nothing ever does.
 */
const port = parentPort!
const say = (reply: Reply | Ready): void => port.postMessage(reply)

port.on('message', ({ mode, problem, insteadBecause }: Request) => {
  const asked = problem as Problem
  const { intervalMs } = asked
  if (intervalMs === 5 || (intervalMs === 1 && insteadBecause === null))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  if (insteadBecause === null && intervalMs === 2) throw new Error('Aborted(memory access out of bounds)')
  if (insteadBecause === null && intervalMs === 3) process.exit(7)
  const allocation = insteadOf(mode, insteadBecause ?? 'no need', asked)
  say({ kind: 'allocation', allocation, broken: intervalMs === 4 })
})
say({ kind: 'ready' })
