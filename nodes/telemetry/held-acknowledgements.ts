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
 * beside this file. An acknowledgement dies with its connection: the broker reuses message ids on the next one, where a
 * late PUBACK would confirm another message.
 * @param receive  takes a message; the next one is read once its promise resolves, so that is where back-pressure is
 */
export function holdAcknowledgements(client: MqttClient, receive: (message: HeldMessage) => Promise<void>): void {
  const inner = client as unknown as { _sendPacket: SendPacket }
  const sendPacket = inner._sendPacket.bind(client) as SendPacket
  let connection = 0
  client.on('connect', () => connection++)
  client.on('close', () => connection++)

  inner._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd === 'puback') done?.()
    else sendPacket(packet, done, ...rest)
  }
  client.handleMessage = (packet, proceed) => {
    const { topic, payload, messageId, qos, dup, retain } = packet as IPublishPacket
    const broughtBy = connection
    const acknowledge = () => {
      // Not connected, the client would keep the PUBACK for the next connection.
      if (qos === 0 || broughtBy !== connection || !client.connected || messageId === undefined) return
      sendPacket({ cmd: 'puback', messageId, reasonCode: 0 } as Packet)
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
