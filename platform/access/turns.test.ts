import assert from 'node:assert/strict'
import { TooBusy, Turns } from './turns.ts'

describe('turns', () => {
  it('let so much run at once, so much wait, and refuse the rest', async () => {
    const turns = new Turns(2, 3)
    const ends: (() => void)[] = []
    const work = (): Promise<number> =>
      turns.take(() => new Promise((resolve) => ends.push(() => resolve(ends.length))))
    const taken = Array.from({ length: 5 }, work)
    await assert.rejects(work(), TooBusy)
    assert.equal(ends.length, 2)
    while (ends.length > 0) {
      assert.ok(ends.length <= 2)
      ends.shift()!()
      await new Promise(setImmediate)
    }
    assert.equal((await Promise.all(taken)).length, 5)
  })

  it('go on after work that failed', async () => {
    const turns = new Turns(1, 1)
    await assert.rejects(
      turns.take(() => Promise.reject(new Error('no'))),
      /no/,
    )
    assert.equal(await turns.take(async () => 7), 7)
  })
})
