/** Packet identifiers are 1 to this (MQTT 3.1.1, 2.3.1). */
export const lastPacketId = 65_535

/** So many one connection may have in use, with some left over: a free one is then found at once. */
export const mostInFlight = 65_000

const DUPLICATE = 0x08

/**
 * A PUBLISH packet as it goes over the wire (MQTT 3.1.1, 3.3).
 * @param packetId  1 to `lastPacketId` at QoS 1; none at QoS 0
 */
export function publishPacket(topic: string, payload: string | Uint8Array, packetId: number | undefined): Buffer {
  const topicBytes = Buffer.byteLength(topic)
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  const remaining = 2 + topicBytes + (packetId === undefined ? 0 : 2) + payloadBytes
  const packet = Buffer.allocUnsafe(1 + lengthBytes(remaining) + remaining)
  packet[0] = packetId === undefined ? 0x30 : 0x32
  let at = 1
  for (let rest = remaining; ; rest >>= 7) {
    packet[at++] = rest < 128 ? rest : (rest & 127) | 128
    if (rest < 128) break
  }
  at = packet.writeUInt16BE(topicBytes, at)
  at += packet.write(topic, at)
  if (packetId !== undefined) at = packet.writeUInt16BE(packetId, at)
  if (typeof payload === 'string') packet.write(payload, at)
  else packet.set(payload, at)
  return packet
}

/** Marks a packet as sent before (3.3.1.1), in place. */
export function markDuplicate(packet: Buffer): Buffer {
  packet[0] = packet[0]! | DUPLICATE
  return packet
}

const lengthBytes = (length: number): number => (length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4)
