import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { publishPacket } from '../../simulator/load/packet.ts'
import { confirmedBy, PacketCutter, puback, readPublish, versionAsked } from './packets.ts'

const connect = (version: number): Buffer =>
  Buffer.from([0x10, 13, 0, 4, ...Buffer.from('MQTT'), version, 2, 0, 60, 0, 1, 97])

describe('packets on the line', () => {
  it('are cut as they were written, however they arrive (property)', () => {
    const message = fc.record({ payload: fc.string({ maxLength: 300 }), packetId: fc.integer({ min: 1, max: 65_535 }) })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(400), { maxLength: 8 }), (messages, cuts) => {
        const packets = messages.map(({ payload, packetId }) => publishPacket('grid/acks/d', payload, packetId))
        const bytes = Buffer.concat(packets)
        const cutter = new PacketCutter()
        const ends = [...new Set(cuts), bytes.length].toSorted((a, b) => a - b)
        const got = ends.flatMap((end, n) => cutter.push(bytes.subarray(n === 0 ? 0 : ends[n - 1], end)))
        assert.deepEqual(got, packets)
      }),
    )
  })

  it('say what they carry', () => {
    assert.deepEqual(readPublish(publishPacket('grid/commands/sw-1', '{"a":1}', 700), 4), {
      ...{ topic: 'grid/commands/sw-1', payload: Buffer.from('{"a":1}'), qos: 1, packetId: 700 },
      ...{ repeated: false, retained: false },
    })
  })

  it('of version 5 carry properties before the payload', () => {
    // Message expiry interval: 10 s.
    const packet = Buffer.from([0x3b, 12, 0, 1, 97, 0, 9, 5, 2, 0, 0, 0, 10, 120])
    assert.deepEqual(readPublish(packet, 5), {
      ...{ topic: 'a', payload: Buffer.from('x'), qos: 1, packetId: 9, repeated: true, retained: true },
    })
  })

  it('confirm by number', () => {
    assert.equal(confirmedBy(puback(0x1234)), 0x1234)
    assert.equal(confirmedBy(publishPacket('a', 'b', 1)), undefined)
  })

  it('tell the version of their connection', () => {
    assert.deepEqual([versionAsked(connect(4)), versionAsked(connect(5)), versionAsked(puback(1))], [4, 5, undefined])
  })
})
