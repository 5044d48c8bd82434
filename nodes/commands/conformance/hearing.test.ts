import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Hearing, type Said } from './hearing.ts'

const said = (payload: string): Said => ({ kind: 'ack', payload, qos: 1, retained: false, at: 0 })
const is = (payload: string) => (one: Said, place: number) => (one.payload === payload ? place : undefined)

describe('what a device says', () => {
  it('is found where it stands, before and after it was waited for, and after a mark only', async () => {
    const hearing = new Hearing()
    hearing.hear(said('a'))
    assert.equal(await hearing.first(0, is('a'), 10), 0)
    assert.equal(await hearing.first(hearing.mark, is('a'), 10), undefined)
    const coming = hearing.first(0, is('b'), 5_000)
    hearing.hear(said('c'))
    hearing.hear(said('b'))
    assert.equal(await coming, 2)
    assert.deepEqual(
      hearing.since(1).map(({ payload }) => payload),
      ['c', 'b'],
    )
  })

  it('is too much at some time', () => {
    const hearing = new Hearing()
    for (let n = 0; n < 20_000; n++) hearing.hear(said('x'))
    assert.throws(() => hearing.hear(said('x')), /more than 20000 things/)
  })
})
