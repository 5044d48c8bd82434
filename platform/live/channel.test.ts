import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Piece } from '../wire/live.ts'
import { canResume, channelOf, frameOf, pieceCharacters, roundOf, type Channel } from './channel.ts'
import { TopicState } from './topic-state.ts'

const everything = channelOf('devices', {}, 'e1', true)
const onF1 = channelOf('devices', { feederId: 'f-1' }, 'e1', true)

function piecesOf(state: TopicState, channel: Channel, since: number | undefined): Piece[] {
  const round = roundOf(state, channel, since)
  const pieces: Piece[] = []
  for (let next: number | undefined = 0; next !== undefined;) {
    const frame = frameOf(round, round.since, next, pieces.length)
    pieces.push(JSON.parse(frame.data.toString()) as Piece)
    next = frame.next
  }
  return pieces
}

describe('a channel of a topic', () => {
  it('is the same for the same part of it, however it was asked for', () => {
    const name = (keys: string[]) => channelOf('devices', { keys }, 'e1', true).name
    assert.equal(name(['b', 'a', 'a']), name(['a', 'b']))
    assert.notEqual(name(['a']), everything.name)
    assert.notEqual(onF1.name, everything.name)
  })

  it('is another sequence for those who do not see what is personal, where there is any', () => {
    const [full, reduced] = [true, false].map((may) => channelOf('devices', {}, 'e1', may))
    assert.notEqual(full!.epoch, reduced!.epoch)
    assert.notEqual(full!.name, reduced!.name)
    assert.equal(channelOf('feeders', {}, 'e1', false).name, channelOf('feeders', {}, 'e1', true).name)
  })

  it('can be resumed within its sequence, up to where removed keys are remembered', () => {
    const state = new TopicState()
    state.publish('a', {}, 0)
    assert.ok(canResume(state, everything, 'e1', 1))
    assert.ok(!canResume(state, everything, 'e2', 1), 'another start of the server')
    assert.ok(!canResume(state, everything, 'e1', 2), 'a version that has not been')
  })
})

describe('what leads a client on', () => {
  it('is a snapshot at first, then what changed and what is gone', () => {
    const state = new TopicState()
    state.publish('a', { n: 1 }, 0)
    state.publish('b', { n: 2 }, 0)
    const round = { topic: 'devices', epoch: 'e1', piece: 0, last: true }
    assert.deepEqual(piecesOf(state, everything, undefined), [
      { type: 'snapshot', ...round, from: 0, to: 2, set: { a: { n: 1 }, b: { n: 2 } }, removed: [] },
    ])
    state.publish('b', { n: 3 }, 0)
    state.remove('a')
    assert.deepEqual(piecesOf(state, everything, 2), [
      { type: 'delta', ...round, from: 2, to: 4, set: { b: { n: 3 } }, removed: ['a'] },
    ])
  })

  it('says that what went to another feeder is gone, and of what was never there nothing', () => {
    const state = new TopicState()
    state.publish('a', { feederId: 'f-1' }, 0)
    state.publish('b', { feederId: 'f-2' }, 0)
    assert.deepEqual(Object.keys(piecesOf(state, onF1, undefined)[0]!.set), ['a'])
    state.publish('a', { feederId: 'f-2' }, 0)
    state.publish('c', { feederId: 'f-2' }, 0)
    const [delta] = piecesOf(state, onF1, 2)
    assert.deepEqual([delta!.set, delta!.removed], [{}, ['a']])
    state.publish('a', { feederId: 'f-1' }, 0)
    assert.deepEqual(Object.keys(piecesOf(state, onF1, 4)[0]!.set), ['a'])
  })

  it('shows keys that nobody would expect as they are', () => {
    const state = new TopicState()
    for (const key of ['__proto__', '"', 'constructor', '1']) state.publish(key, { key }, 0)
    const [snapshot] = piecesOf(state, everything, undefined)
    assert.deepEqual(
      new Set(Object.entries(snapshot!.set).map(([key]) => key)),
      new Set(['__proto__', '"', 'constructor', '1']),
    )
  })

  it('comes in pieces of bounded size where it is much, numbered, with the last one marked', () => {
    const state = new TopicState()
    const text = 'x'.repeat(1_000)
    for (let n = 0; n < 500; n++) state.publish(`k-${n}`, { text }, 0)
    const pieces = piecesOf(state, everything, undefined)
    assert.ok(pieces.length >= 4)
    assert.deepEqual(
      pieces.map(({ piece }) => piece),
      pieces.map((_, index) => index),
    )
    assert.deepEqual(
      pieces.map(({ last }) => last),
      pieces.map((_, index) => index === pieces.length - 1),
    )
    for (const piece of pieces) assert.ok(JSON.stringify(piece).length < pieceCharacters + 2_000)
    assert.equal(new Set(pieces.flatMap(({ set }) => Object.keys(set))).size, 500)
  })

  it('is a snapshot again for whoever stands before what is remembered', () => {
    const state = new TopicState()
    for (let n = 0; n < 10_002; n++) state.publish(`k-${n}`, {}, 0)
    for (let n = 0; n < 10_002; n++) state.remove(`k-${n}`)
    assert.equal(roundOf(state, everything, 10_002).type, 'snapshot')
    assert.equal(roundOf(state, everything, state.horizon).type, 'delta')
  })
})
