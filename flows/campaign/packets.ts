/**
 * As much of MQTT's wire format (3.1.1 and 5) as somebody needs who stands on the line and lets messages get lost: where packets
 * begin and end, and what a PUBLISH and a PUBACK are about.
 */

const CONNECT = 1
const PUBLISH = 3
const PUBACK = 4

/** One control packet, as it goes over the wire. */
export type Packet = Buffer

export interface Publish {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  /** Undefined at QoS 0. */
  readonly packetId: number | undefined
  /** Its sender says that it has sent it before. */
  readonly repeated: boolean
  readonly retained: boolean
}

/** Cuts what comes in on a connection into packets. */
export class PacketCutter {
  #rest: Buffer = Buffer.alloc(0)

  /** @returns the packets that are complete now */
  push(chunk: Buffer): Packet[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const packets: Packet[] = []
    let at = 0
    for (;;) {
      const length = at + 1 < bytes.length ? readLength(bytes, at + 1) : undefined
      if (!length || length.end + length.value > bytes.length) break
      packets.push(bytes.subarray(at, length.end + length.value))
      at = length.end + length.value
    }
    this.#rest = bytes.subarray(at)
    return packets
  }
}

/** The protocol's version that a CONNECT asks for (4: 3.1.1, 5: 5); undefined for other packets. */
export function versionAsked(packet: Packet): number | undefined {
  if (packet[0]! >> 4 !== CONNECT) return undefined
  const { end } = readLength(packet, 1)!
  return packet[end + 2 + packet.readUInt16BE(end)]
}

/** What a PUBLISH carries; undefined for other packets. @param version  of the connection's protocol */
export function readPublish(packet: Packet, version: number): Publish | undefined {
  const flags = packet[0]!
  if (flags >> 4 !== PUBLISH) return undefined
  const qos = ((flags >> 1) & 3) as 0 | 1 | 2
  const { end } = readLength(packet, 1)!
  const topicEnd = end + 2 + packet.readUInt16BE(end)
  const idEnd = qos === 0 ? topicEnd : topicEnd + 2
  const properties = version < 5 ? { end: idEnd, value: 0 } : readLength(packet, idEnd)!
  return {
    topic: packet.toString('utf8', end + 2, topicEnd),
    payload: packet.subarray(properties.end + properties.value),
    qos,
    packetId: qos === 0 ? undefined : packet.readUInt16BE(topicEnd),
    repeated: (flags & 8) !== 0,
    retained: (flags & 1) !== 0,
  }
}

/** The packet id that a PUBACK confirms; undefined for other packets. */
export function confirmedBy(packet: Packet): number | undefined {
  if (packet[0]! >> 4 !== PUBACK) return undefined
  return packet.readUInt16BE(readLength(packet, 1)!.end)
}

/** Says of a message that it has arrived. */
export const puback = (packetId: number): Packet => Buffer.from([PUBACK << 4, 2, packetId >> 8, packetId & 255])

/** A variable byte integer (MQTT 5, 1.5.5); undefined where it goes on beyond the bytes. */
function readLength(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  let value = 0
  for (let n = 0; n < 4 && at + n < bytes.length; n++) {
    const byte = bytes[at + n]!
    value += (byte & 127) * 128 ** n
    if (byte < 128) return { value, end: at + n + 1 }
  }
  return undefined
}
