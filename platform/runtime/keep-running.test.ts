import assert from 'node:assert/strict'
import { type Kept, keepRunning, type KeepRunningOptions } from './keep-running.ts'

/** A part that the test ends, or lets fail to launch. */
class Part {
  readonly lines: string[] = []
  launches = 0
  stops = 0
  failing = false
  #end: (how: string) => void = () => undefined
  #launched = Promise.withResolvers<void>()

  keep(options: Partial<KeepRunningOptions> = {}): Kept {
    return keepRunning({
      backoff: { firstMs: 1, mostMs: 4, stableMs: 60_000 },
      log: (line) => this.lines.push(line),
      launch: async () => {
        this.launches += 1
        this.#launched.resolve()
        this.#launched = Promise.withResolvers()
        if (this.failing) throw new Error('no such program')
        const { promise: ended, resolve } = Promise.withResolvers<string>()
        this.#end = resolve
        return {
          ended,
          stop: async () => {
            this.stops += 1
            resolve('exit code 0')
          },
        }
      },
      ...options,
    })
  }

  /** Dies, and waits until it was launched again. */
  async die(): Promise<void> {
    const again = this.#launched.promise
    this.#end('killed by SIGKILL')
    await again
    // Its launch settles within this turn.
    await new Promise(setImmediate)
  }

  async launched(count: number): Promise<void> {
    while (this.launches < count) await this.#launched.promise
  }

  get delays(): number[] {
    return this.lines.flatMap((line) => /next start in ([\d.]+) s/.exec(line)?.slice(1).map(Number) ?? [])
  }
}

describe('keepRunning', () => {
  let part: Part
  let kept: Kept | undefined
  beforeEach(() => (part = new Part()))
  afterEach(() => kept?.stop())

  it('launches again after each death, later each time up to the most', async () => {
    kept = part.keep()
    await kept.started
    for (let death = 0; death < 4; death++) await part.die()
    assert.deepEqual(part.delays, [0.001, 0.002, 0.004, 0.004])
    assert.equal(part.lines[0], 'ended (killed by SIGKILL); next start in 0.001 s')
    assert.equal(part.lines[1], 'running again')
  })

  it('stops what comes up after it was told to stop', async () => {
    const up = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<string>()
    kept = keepRunning({
      log: (line) => assert.fail(line),
      launch: async () => {
        await up.promise
        return { ended: ended.promise, stop: async () => ended.resolve('exit code 0') }
      },
    })
    const stopped = kept.stop()
    up.resolve()
    await stopped
    assert.equal(await ended.promise, 'exit code 0')
  })

  it('counts a death as the first again after a stable run', async () => {
    kept = part.keep({ backoff: { firstMs: 1, mostMs: 4, stableMs: 0 } })
    await kept.started
    for (let death = 0; death < 3; death++) await part.die()
    assert.deepEqual(part.delays, [0.001, 0.001, 0.001])
  })

  it('tries again when a launch fails', async () => {
    part.failing = true
    kept = part.keep()
    await part.launched(3)
    part.failing = false
    await kept.started
    assert.equal(part.lines[0], 'does not start: no such program; next start in 0.001 s')
  })

  it('gives up at once when the first launch must succeed and does not', async () => {
    part.failing = true
    kept = part.keep({ firstMustSucceed: true })
    await assert.rejects(kept.started, /no such program/)
    assert.equal(part.launches, 1)
    assert.deepEqual(part.lines, [])
  })

  it('repeats a later launch also when the first had to succeed', async () => {
    kept = part.keep({ firstMustSucceed: true })
    await kept.started
    part.failing = true
    await part.die()
    await part.launched(3)
    assert.ok(part.lines.some((line) => line.startsWith('does not start')))
  })

  it('stops what runs, and launches it no more', async () => {
    kept = part.keep()
    await kept.started
    await kept.stop()
    assert.deepEqual([part.launches, part.stops, part.lines], [1, 1, []])
  })

  it('stops without delay while it waits for the next launch', async () => {
    part.failing = true
    kept = part.keep({ backoff: { firstMs: 3_600_000, mostMs: 3_600_000, stableMs: 0 } })
    await new Promise(setImmediate)
    assert.equal(part.lines.length, 1)
    await kept.stop()
    assert.equal(part.launches, 1)
  })

  it('tells a launch under way that it is being stopped', async () => {
    kept = part.keep({
      launch: (stopping) =>
        new Promise((_, reject) => stopping.addEventListener('abort', () => reject(new Error('stopping')))),
    })
    await kept.stop()
    await kept.started
  })
})
