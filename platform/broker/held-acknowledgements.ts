import type { IPublishPacket, MqttClient } from 'mqtt'

/** A message of the broker that is not acknowledged before `acknowledge` is called. */
export interface HeldMessage {
  topic: string
  payload: Buffer
  /** Brought before, or kept by the broker for whoever subscribes. */
  repeated: boolean
  /** Tells the broker that the message is safe. Does nothing once the connection that brought it is gone. */
  acknowledge(): void
}

interface Packet {
  cmd: string
  messageId?: number
}
type SendPacket = (packet: Packet, done?: (error?: Error) => void, ...rest: unknown[]) => void

/**
 * Makes a client acknowledge QoS 1 messages only when told so, any number of them at a time. mqtt.js acknowledges one
 * after the other, when its handler returns; so the handler returns at once and the PUBACK it causes is held back.
 *
 * This reaches into `_sendPacket`, which mqtt.js does not promise: its version is pinned and a contract test stands
 * beside this file. What is acknowledged in one go is written in one go, past the client: as packets of their own, some
 * hundred PUBACKs take longer to write than the readings take to check. An acknowledgement dies with its connection: the broker reuses message ids on the next one, where a
 * late PUBACK would confirm another message.
 * @param receive  takes a message; the next one is read once its promise resolves, so that is where back-pressure is
 */
export function holdAcknowledgements(client: MqttClient, receive: (message: HeldMessage) => Promise<void>): void {
  const inner = client as unknown as { _sendPacket: SendPacket }
  const sendPacket = inner._sendPacket.bind(client) as SendPacket
  let connection = 0
  let due: number[] = []
  const newConnection = (): void => {
    connection++
    due = []
  }
  client.on('connect', newConnection)
  client.on('close', newConnection)
  const sendDue = (): void => {
    const ids = due
    due = []
    // Not connected, nothing is sent: the broker delivers again.
    if (ids.length > 0 && client.connected) client.stream.write(pubacks(ids))
  }

  inner._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd === 'puback') return void done?.()
    // In the order in which it was said: a DISCONNECT would come before what it follows.
    sendDue()
    sendPacket(packet, done, ...rest)
  }
  client.handleMessage = (packet, proceed) => {
    const { topic, payload, messageId, qos, dup, retain } = packet as IPublishPacket
    const broughtBy = connection
    const acknowledge = () => {
      if (qos === 0 || broughtBy !== connection || messageId === undefined) return
      if (due.push(messageId) === 1) process.nextTick(sendDue)
    }
    receive({
      topic,
      payload: Buffer.isBuffer(payload) ? payload : Buffer.from(payload),
      repeated: dup || retain,
      acknowledge,
    }).then(
      () => proceed(),
      (error: unknown) => proceed(error instanceof Error ? error : new Error(String(error))),
    )
  }
}

/** PUBACK packets, in MQTT 3.1.1 as in 5, where one of this length means success. Source: MQTT 5, 3.4.2.1. */
function pubacks(messageIds: number[]): Buffer {
  const packets = Buffer.allocUnsafe(4 * messageIds.length)
  let at = 0
  for (const id of messageIds) at = packets.writeUInt32BE(0x40020000 + id, at)
  return packets
}
