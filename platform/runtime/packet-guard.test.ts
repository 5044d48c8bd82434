import assert from 'node:assert/strict'
import fc from 'fast-check'
import { packetMeter } from './packet-guard.ts'

/** A packet of `length` bytes after its fixed header. */
function packet(length: number): Buffer {
  const header = [0x30]
  let rest = length
  do {
    header.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)])
}

describe('packetMeter', () => {
  it('lets pass what is within the limit and finds the first beyond it, however the bytes arrive (property)', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 50 }), (sizes, step) => {
        const measure = packetMeter(300)
        const bytes = Buffer.concat(sizes.map(packet))
        let found: number | undefined
        for (let at = 0; at < bytes.length && found === undefined; at += step)
          found = measure(bytes.subarray(at, at + step))
        assert.equal(
          found,
          sizes.find((size) => size > 300),
        )
      }),
    )
  })

  it('refuses a length as soon as it is announced', () => {
    assert.equal(packetMeter(1_000)(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])), 16_383)
  })
})
