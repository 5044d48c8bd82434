import type { Registration } from '../../../platform/network/registration.ts'
import type { FieldEvent, Presence, Reading } from '../../../platform/wire/reading.ts'
import type { Reason, Rejected } from '../../../platform/wire/reasons.ts'
import type { Understood } from './interpret.ts'

export type Admitted =
  { kind: 'reading'; value: Reading } | { kind: 'event'; value: FieldEvent } | { kind: 'status'; value: Presence }

/**
 * Decides by the registry whether what was understood may be stored, and adds what the registry knows: feeder, site,
 * location, nominal voltage. What the registry knows wins over what the device says.
 * @param registration of the device; undefined for one that is not registered, with `unknownReason` saying why not
 */
export function admit(
  item: Understood,
  registration: Registration | undefined,
  unknownReason: Reason = 'unknown_device',
): Admitted | Rejected {
  const refusal = refusalOf(item, registration, unknownReason)
  if (refusal) return rejected(item, refusal.reason, refusal.detail)
  if (item.kind === 'status' || !registration) return item
  return { kind: item.kind, value: { ...item.value, ...placeOf(registration, item.kind) } } as Admitted
}

function refusalOf(
  item: Understood,
  registration: Registration | undefined,
  unknownReason: Reason,
): { reason: Reason; detail: string } | undefined {
  const { deviceId } = item.value
  if (!registration) return { reason: unknownReason, detail: `device ${deviceId}` }
  if (registration.status === 'pending') return { reason: 'awaiting_approval', detail: `device ${deviceId}` }
  if (registration.status === 'rejected') return { reason: 'device_rejected', detail: `device ${deviceId}` }
  const { kind } = registration
  if (item.kind === 'reading' && kind !== undefined && kind !== item.value.kind)
    return {
      reason: 'kind_mismatch',
      detail: `device ${deviceId} is registered as ${kind}, reports as ${item.value.kind}`,
    }
  return undefined
}

function placeOf(registration: Registration, kind: 'reading' | 'event') {
  const { feederId, siteId, location, nominalVoltageV } = registration
  return {
    ...(feederId !== undefined && { feederId }),
    ...(siteId !== undefined && { siteId }),
    ...(kind === 'reading' && location !== undefined && { location }),
    ...(kind === 'reading' && nominalVoltageV !== undefined && { nominalVoltageV }),
  }
}

/** Puts an understood item back into the form in which quarantine keeps it and can replay it. */
function rejected(item: Understood, reason: Reason, detail: string): Rejected {
  const { deviceId, receivedAt } = item.value
  return { topic: item.topic, payload: JSON.stringify(item.body), reason, detail, receivedAt, deviceId }
}
