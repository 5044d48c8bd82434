import type { Duplex } from 'node:stream'

/**
 * Ends a connection that announces an MQTT packet larger than `limit` bytes, as soon as it announces it: the parser behind would collect
 * up to 256 MB of it first.
 */
export function guardPacketSize(connection: Duplex, limit: number, refused: (size: number) => void): void {
  const measure = packetMeter(limit)
  const read = connection.read.bind(connection)
  connection.read = (size?: number): unknown => {
    const chunk: unknown = read(size)
    const excess = Buffer.isBuffer(chunk) ? measure(chunk) : undefined
    if (excess === undefined) return chunk
    refused(excess)
    connection.destroy()
    return null
  }
}

/** Follows the fixed headers of a stream of MQTT packets; answers the announced size of a packet that is over the limit. */
export function packetMeter(limit: number): (chunk: Buffer) => number | undefined {
  let remaining = 0
  let inLength = false
  let length = 0
  let factor = 1
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (remaining > 0) {
        const step = Math.min(remaining, chunk.length - at)
        remaining -= step
        at += step
      } else if (!inLength) {
        ;[inLength, length, factor] = [true, 0, 1]
        at++
      } else {
        const byte = chunk[at++]!
        length += (byte & 0x7f) * factor
        factor *= 128
        if (length > limit) return length
        if (byte < 0x80) {
          remaining = length
          inLength = false
        }
      }
    }
    return undefined
  }
}
