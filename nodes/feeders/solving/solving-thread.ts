import { parentPort } from 'node:worker_threads'
import { allocate, insteadOf } from './allocate.ts'
import { isHorizon } from '../domain/allocation/horizon.ts'
import { loadHighs } from './highs-solver.ts'
import { smallSolver } from './small-solver.ts'
import type { Ready } from '../../../platform/threads/replying-thread.ts'
import type { Reply, Request } from './solving-messages.ts'

const port = parentPort
if (!port) throw new Error('solving-thread runs in a thread of its own: openSolving starts it')

const large = await loadHighs()
const say = (reply: Reply | Ready): void => port.postMessage(reply)

port.on('message', ({ mode, problem, largeFrom, insteadBecause }: Request) => {
  const began = performance.now()
  try {
    const { allocation, broken } =
      insteadBecause === null
        ? allocate(mode, problem, { small: smallSolver, large, largeFrom })
        : { allocation: insteadOf(mode, insteadBecause, isHorizon(problem) ? problem.first : problem), broken: false }
    say({ kind: 'allocation', allocation: { ...allocation, solverMs: performance.now() - began }, broken })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    say({ kind: 'refused', name, message })
  }
})
say({ kind: 'ready' })
