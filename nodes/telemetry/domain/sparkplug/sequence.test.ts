import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isSequenceNumber, Sequence, type Sequenced } from './sequence.ts'

const message = (seq: number, fingerprint = `message ${seq}`): Sequenced => ({ seq, fingerprint, bytes: 100 })
const after = (birth: number) => new Sequence(message(birth, 'birth'))
const numbers = (messages: Sequenced[]): number[] => messages.map(({ seq }) => seq)

describe('the sequence of messages', () => {
  it('goes on by one (tck-id-payloads-sequence-num-incrementing)', () => {
    const sequence = after(0)
    for (const seq of [1, 2, 3]) assert.deepEqual(numbers(sequence.take(message(seq))), [seq])
    assert.equal(sequence.missing, undefined)
  })

  it('begins again after 255', () => {
    const sequence = after(254)
    assert.deepEqual(numbers(sequence.take(message(255))), [255])
    assert.deepEqual(numbers(sequence.take(message(0))), [0])
  })

  it('begins after whatever number a birth has (tck-id-payloads-sequence-num-req-nbirth)', () => {
    assert.deepEqual(numbers(after(7).take(message(8))), [8])
  })

  it('holds back what comes too early, and lets it go in order', () => {
    const sequence = after(0)
    for (const seq of [3, 2, 4]) assert.deepEqual(sequence.take(message(seq)), [])
    assert.equal(sequence.missing, 1)
    assert.deepEqual(numbers(sequence.take(message(1))), [1, 2, 3, 4])
    assert.equal(sequence.missing, undefined)
  })

  it('gives up what waited in vain, in the order of arrival, each of two with one number', () => {
    const sequence = after(0)
    for (const [seq, name] of [
      [3, 'a'],
      [2, 'b'],
      [3, 'c'],
    ] as const)
      sequence.take(message(seq, name))
    assert.deepEqual(
      sequence.giveUp().map(({ fingerprint }) => fingerprint),
      ['a', 'b', 'c'],
    )
    assert.equal(sequence.missing, undefined)
  })

  it('knows a repetition, of what was taken and of what waits', () => {
    const sequence = after(0)
    sequence.take(message(1))
    sequence.take(message(5))
    for (const known of [message(0, 'birth'), message(1), message(5)]) assert.ok(sequence.hasSeen(known))
    assert.ok(!sequence.hasSeen(message(1, 'another')))
  })

  it('does not wait for ever more messages, nor for ever larger ones', () => {
    const many = after(0)
    for (let seq = 2; seq < 66; seq++) many.take(message(seq))
    assert.ok(many.isFull)
    const large = after(0)
    large.take({ ...message(2), bytes: 600_000 })
    assert.ok(!large.isFull)
    large.take({ ...message(3), bytes: 600_000 })
    assert.ok(large.isFull)
    large.giveUp()
    assert.ok(!large.isFull)
  })

  it('comes out in order whatever the order of arrival, and nothing twice or never (property)', () => {
    const count = 40
    const order = fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => index),
      { minLength: count },
    )
    fc.assert(
      fc.property(order, fc.nat({ max: 255 }), (arrival, birth) => {
        const sequence = after(birth)
        const out = arrival.flatMap((index) => sequence.take(message((birth + 1 + index) % 256, String(index))))
        assert.deepEqual(
          out.map(({ fingerprint }) => Number(fingerprint)),
          arrival.toSorted((a, b) => a - b),
        )
      }),
    )
  })

  for (const [seq, is] of [
    [0, true],
    [255, true],
    [256, false],
    [-1, false],
    [1.5, false],
    [NaN, false],
    [undefined, false],
  ] as const)
    it(`${seq} ${is ? 'is' : 'is not'} a sequence number`, () => assert.equal(isSequenceNumber(seq), is))
})
