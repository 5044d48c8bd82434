import { fieldContract, topicOf, type FieldKind } from '../../../platform/wire/contract.ts'
import type { FieldMessage } from './interpret.ts'

/**
 * Makes field messages of what came from somewhere else than MQTT: an object, an array of objects, their JSON text or
 * its bytes.
 * @param kind  the kind of message where no topic says it: the body then names the device, object by object
 */
export function asFieldMessages(
  topic: string | undefined,
  payload: unknown,
  receivedAt: number,
  kind: FieldKind | undefined,
): FieldMessage[] {
  if (kind === undefined) return [{ topic: topic ?? '', payload: textOf(payload), receivedAt }]
  const read = readText(payload)
  const items: unknown[] = Array.isArray(read) ? read : [read]
  return items.map((item) => ({ topic: topicFor(kind, readText(item)), payload: textOf(item), receivedAt }))
}

/** Where text says which device it is about; text that is no JSON stays as it is, for interpretation to refuse. */
function readText(payload: unknown): unknown {
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) return payload
  try {
    return JSON.parse(typeof payload === 'string' ? payload : new TextDecoder().decode(payload))
  } catch {
    return payload
  }
}

function topicFor(kind: FieldKind, item: unknown): string {
  const named: unknown =
    typeof item === 'object' && item !== null ? Reflect.get(item, fieldContract[kind].idField) : undefined
  return topicOf(kind, typeof named === 'string' ? named : '')
}

function textOf(payload: unknown): string | Uint8Array {
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload
  return JSON.stringify(payload) ?? 'null'
}
