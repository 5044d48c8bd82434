import { parentPort } from 'node:worker_threads'
import { setTimeout as pause } from 'node:timers/promises'

/** What the thread of the test is asked to do. */
export interface Asked {
  readonly do: 'double' | 'hang' | 'throw' | 'exit' | 'eat'
  readonly numbers: Float64Array<ArrayBuffer>
}

const port = parentPort
if (port) {
  port.on('message', ({ do: what, numbers }: Asked) => {
    if (what === 'throw') throw new Error('out of its mind')
    if (what === 'exit') process.exit(7)
    if (what === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    const eaten: number[][] = []
    while (what === 'eat') eaten.push(Array.from({ length: 100_000 }, () => eaten.length))
    const doubled = numbers.map((number) => number * 2)
    port.postMessage({ kind: 'doubled', doubled }, [doubled.buffer])
  })
  // Whoever posts before it is ready is answered all the same.
  await pause(20)
  port.postMessage({ kind: 'ready' })
}
