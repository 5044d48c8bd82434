import { parentPort } from 'node:worker_threads'
import { Answers } from './answers.ts'
import type { Request } from './scoring-messages.ts'

/**
 * A scoring thread that fails, by the number of rows that it is asked for: 1 never answers, 2 throws, 3 exits, 4 answers and exits
 * afterwards. It answers all others.
 */
const port = parentPort!
const answers = new Answers()
port.on('message', (request: Request) => {
  const rows = request.rows.present.length
  if (rows === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  if (rows === 2) throw new Error('out of its mind')
  if (rows === 3) process.exit(7)
  port.postMessage(answers.answer(request))
  if (rows === 4) setImmediate(() => process.exit(8))
})
port.postMessage({ kind: 'ready' })
