import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { Answers } from './answers.ts'
import type { Request } from './scoring-messages.ts'

const port = parentPort
if (!port) throw new Error('scoring-thread runs in a thread of its own: openScoring starts it')

// Readings come first: where processors are scarce, this waits. On Linux a thread has a priority of its own; elsewhere it would be
// the whole process that waits.
if (process.platform === 'linux') setPriority(0, Math.max(getPriority(0), 10))

const answers = new Answers()
port.on('message', (request: Request) => {
  const reply = answers.answer(request)
  const transfer =
    reply.kind === 'scored' ? [reply.scores.buffer] : reply.kind === 'trained' ? [reply.trees.buffer] : []
  port.postMessage(reply, transfer)
})
port.postMessage({ kind: 'ready' })
