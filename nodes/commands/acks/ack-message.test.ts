import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { readAck } from './ack-message.ts'

const id = '0f0e2c6e-9d1f-4f0c-8f57-1d4f5b0b9c3a'
const body = { command_id: id, status: 'executed', at: '2026-03-02T12:00:00Z' }
const read = (of: unknown, topic = 'grid/acks/sw-1') =>
  readAck(topic, Buffer.from(typeof of === 'string' ? of : JSON.stringify(of)))
const problem = (...given: Parameters<typeof read>): string => (read(...given) as { problem: string }).problem

describe('an answer', () => {
  it('is of the device that the topic names', () => {
    const ack = { ...body, control_number: 7, device_id: 'sw-1', reason: 'ok', add_cause: 0, extra: 1 }
    assert.deepEqual(read(ack), { deviceId: 'sw-1', ack })
    assert.equal(problem({ ...body, device_id: 'sw-2' }), 'device_id is "sw-2": the topic says sw-1')
    assert.equal(problem(body, 'grid/acks/a b'), 'grid/acks/a b names no device')
    assert.equal(problem(body, 'grid/other/sw-1'), 'grid/other/sw-1 names no device')
  })

  for (const [of, words] of [
    ['', 'not JSON'],
    ['[]', 'the answer is []: it must be object'],
    [{ ...body, command_id: undefined }, 'command_id is missing'],
    [{ ...body, status: 'done' }, /^status is "done": it takes selected, accepted, executed, failed/],
    [{ ...body, control_number: 0 }, 'control_number is 0: it must be >= 1'],
    [' '.repeat(16_385), '16385 bytes: an answer has 16384 at most'],
  ] as const)
    it(`says what is wrong: ${String(words)}`, () => {
      if (typeof words === 'string') assert.equal(problem(of), words)
      else assert.match(problem(of), words)
    })

  it('is read without throwing, whatever it is (property)', () =>
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), fc.string(), (text, topic) => void read(text, topic))))
})
