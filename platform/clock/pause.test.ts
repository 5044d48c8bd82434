import assert from 'node:assert/strict'
import { isAbort, pause } from './pause.ts'

const anHour = 3_600_000

describe('pause', () => {
  it('waits', async () => {
    const from = performance.now()
    await pause(20, new AbortController().signal)
    // Timers may fire a millisecond early.
    assert.ok(performance.now() - from >= 18)
  })

  it('ends early, without an error, when it is aborted', async () => {
    const closing = new AbortController()
    const paused = pause(anHour, closing.signal)
    closing.abort()
    await paused
  })

  it('does not begin where that has happened already', async () => {
    await pause(anHour, AbortSignal.abort())
  })
})

describe('isAbort', () => {
  it('knows an abort from a fault', () => {
    assert.ok(isAbort(new DOMException('stopped', 'AbortError')))
    for (const fault of [new Error('AbortError'), 'AbortError', undefined, null]) assert.ok(!isAbort(fault))
  })
})
