import { Ajv, type ErrorObject } from 'ajv'
import { CommandAck } from '../../../platform/wire/command.ts'
import { fieldContract } from '../../../platform/wire/contract.ts'
import { isIdentifier } from '../../../platform/wire/fields.ts'
import { showValue } from '../../../platform/wire/show-value.ts'

/** What devices answer on. */
export const ackTopics = fieldContract.ack.topic
const [topicBefore] = ackTopics.split('+')

/** Bytes of an answer, at most. */
const mostBytes = 16_384
const validate = new Ajv({ allowUnionTypes: true, verbose: true }).compile<CommandAck>(CommandAck)

/** An answer with who gave it, or why it is none. */
export type ReadAck = { readonly deviceId: string; readonly ack: CommandAck } | { readonly problem: string }

/** What a message on `grid/acks/<deviceId>` says: who speaks is what the topic says, as the broker lets a device. Never throws. */
export function readAck(topic: string, payload: Buffer): ReadAck {
  const deviceId = topic.slice(topicBefore!.length)
  if (!topic.startsWith(topicBefore!) || !isIdentifier(deviceId)) return { problem: `${topic} names no device` }
  if (payload.length > mostBytes) return { problem: `${payload.length} bytes: an answer has ${mostBytes} at most` }
  let body: unknown
  try {
    body = JSON.parse(payload.toString())
  } catch {
    return { problem: 'not JSON' }
  }
  if (!validate(body)) return { problem: describe(validate.errors![0]!) }
  if (body.device_id !== undefined && body.device_id !== deviceId)
    return { problem: `device_id is ${showValue(body.device_id)}: the topic says ${deviceId}` }
  return { deviceId, ack: body }
}

function describe({ keyword, params, instancePath, data, message }: ErrorObject): string {
  const field = instancePath.slice(1).replaceAll('/', '.') || 'the answer'
  if (keyword === 'required') return `${String(params['missingProperty'])} is missing`
  const allowed = (params as { allowedValues?: readonly string[] }).allowedValues
  return `${field} is ${showValue(data)}: it ${allowed ? `takes ${allowed.join(', ')}` : (message ?? 'is not allowed')}`
}
