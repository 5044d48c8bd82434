import assert from 'node:assert/strict'
import fc from 'fast-check'
import { markDuplicate, publishPacket } from './packet.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Reads a PUBLISH packet by the standard, another way round than it is written. */
function read(packet: Buffer) {
  let length = 0
  let at = 1
  for (let shift = 0; ; shift += 7) {
    length += (packet[at]! & 127) << shift
    if (packet[at++]! < 128) break
  }
  assert.equal(packet.length, at + length)
  const topicEnd = at + 2 + packet.readUInt16BE(at)
  const qos = (packet[0]! >> 1) & 3
  return {
    ...{ type: packet[0]! >> 4, qos, topic: packet.toString('utf8', at + 2, topicEnd) },
    id: qos > 0 ? packet.readUInt16BE(topicEnd) : undefined,
    payload: packet.subarray(topicEnd + (qos > 0 ? 2 : 0)),
  }
}

describe('a PUBLISH packet', () => {
  it('is what the standard says', () => {
    assert.equal(hex(publishPacket('a/b', 'hi', 10)), '32090003612f62000a6869')
    assert.equal(hex(publishPacket('a/b', 'hi', undefined)), '30070003612f626869')
    assert.equal(hex(markDuplicate(publishPacket('a/b', 'hi', 10))), '3a090003612f62000a6869')
  })

  it('reads back, whatever topic and payload, of any length of its length (property)', () => {
    const payload = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
      fc.integer({ min: 100, max: 140 }).map((size) => 'x'.repeat(size)),
      fc.integer({ min: 16_370, max: 16_390 }).map((size) => 'x'.repeat(size)),
      fc.constantFrom(2_097_140, 2_097_160).map((size) => new Uint8Array(size)),
    )
    const id = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined })
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
        payload,
        id,
        (topic, sent, packetId) => {
          const got = read(publishPacket(topic, sent, packetId))
          assert.deepEqual([got.type, got.qos, got.topic, got.id], [3, packetId === undefined ? 0 : 1, topic, packetId])
          assert.equal(Buffer.compare(got.payload, Buffer.from(sent as string)), 0)
        },
      ),
    )
  })
})
