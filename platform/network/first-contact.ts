import type { Reason } from '../wire/reasons.ts'
import type { Claim, Registration, RegistrationStatus } from './registration.ts'

/** What happens at first contact: registered at once, registered but held for approval, or not registered at all. */
export type FirstContact = 'register' | 'approve' | 'quarantine'

/** More devices than this are not registered by first contact: whoever can publish could fill the database. */
const mostDevices = 200_000

/** Whether nobody knows the device yet, or its kind. */
export const isStranger = (claim: Claim, known: Registration | undefined): boolean =>
  known === undefined || (known.kind === undefined && claim.kind !== undefined)

/**
 * Decides about devices that nobody knows.
 * @param known  how many devices there are already
 * @returns whom to register, each device once, and as what; or the reason for which none is
 */
export function decideContact(
  claims: readonly Claim[],
  firstContact: FirstContact,
  known: number,
): { admitted: Claim[]; status: RegistrationStatus } | Reason {
  if (firstContact === 'quarantine') return 'unknown_device'
  if (known + claims.length > mostDevices) return 'registration_limit'
  const byId = new Map<string, Claim>()
  for (const claim of claims) {
    const before = byId.get(claim.deviceId)
    if (!before || (before.kind === undefined && claim.kind !== undefined)) byId.set(claim.deviceId, claim)
  }
  return { admitted: [...byId.values()], status: firstContact === 'register' ? 'active' : 'pending' }
}
