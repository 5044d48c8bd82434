import type { FieldKind } from '../platform/wire/contract.ts'
import { topicOf } from '../platform/wire/contract.ts'

/** What a device has to say at one step. */
export interface FieldMessage {
  readonly deviceId: string
  readonly kind: FieldKind
  readonly topic: string
  readonly payload: object
  readonly retain: boolean
}

export const messageOf = (kind: FieldKind, deviceId: string, payload: object, retain = false): FieldMessage => ({
  ...{ deviceId, kind, topic: topicOf(kind, deviceId), payload, retain },
})
