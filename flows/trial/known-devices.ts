import { decideContact, isStranger, type FirstContact } from '../../platform/network/first-contact.ts'
import { dayStartsIn } from '../../platform/clock/civil-day.ts'
import { Faults } from '../../platform/network/import/faults.ts'
import { readImportFiles } from '../../platform/network/import/files.ts'
import { mergeAssignments } from '../../platform/network/import/assignments.ts'
import { mergeNetwork, type MergedNetwork } from '../../platform/network/import/merge.ts'
import { type Assignment, type Device, nothingKnown } from '../../platform/network/import/network.ts'
import { readTables } from '../../platform/network/import/tables.ts'
import type { Claim, Registration } from '../../platform/network/registration.ts'
import type { Registry } from '../../platform/network/registry.ts'
import type { Reason } from '../../platform/wire/reasons.ts'

/** The registry of a trial: in memory, filled from the registry's own files, and by first contact as anywhere. */
export class KnownDevices implements Pick<Registry, 'ready' | 'find' | 'needsContact' | 'contact' | 'size'> {
  #devices: Map<string, Registration>
  #firstContact: FirstContact
  #lastKey: number

  constructor(registrations: readonly Registration[], firstContact: FirstContact) {
    this.#devices = new Map(registrations.map((one) => [one.deviceId, one]))
    this.#firstContact = firstContact
    this.#lastKey = registrations.length
  }

  get size(): number {
    return this.#devices.size
  }

  async ready(): Promise<void> {}

  find(deviceId: string): Registration | undefined {
    return this.#devices.get(deviceId)
  }

  needsContact(claim: Claim): boolean {
    return isStranger(claim, this.find(claim.deviceId))
  }

  async contact(claims: Claim[]): Promise<Reason> {
    const decision = decideContact(claims, this.#firstContact, this.size)
    if (typeof decision === 'string') return decision
    for (const claim of decision.admitted) {
      const before = this.find(claim.deviceId)
      this.#devices.set(claim.deviceId, {
        ...placeClaimed(decision.status === 'active' ? claim : { deviceId: claim.deviceId }),
        ...(claim.kind !== undefined && { kind: claim.kind }),
        status: decision.status,
        deviceId: claim.deviceId,
        deviceKey: ++this.#lastKey,
        ...before,
      })
    }
    return 'unknown_device'
  }
}

/** Only who is let in at once is believed where he stands. */
function placeClaimed({ derType, feederId, siteId, location }: Claim): Partial<Registration> {
  return {
    ...(derType !== undefined && { derType }),
    ...(feederId !== undefined && { feederId }),
    ...(siteId !== undefined && { siteId }),
    ...(location !== undefined && { location }),
  }
}

/**
 * Reads the registry's CSV files, as `npm run registry -- import` does.
 * @param at  the instant whose meter assignments count, UTC milliseconds
 * @throws ImportError where a file is wrong
 */
export async function readRegistrations(folder: string, at: number, timeZone: string): Promise<Registration[]> {
  const faults = new Faults()
  const tables = readTables(await readImportFiles([folder]), dayStartsIn(timeZone), faults)
  const network = mergeNetwork(tables, nothingKnown, faults)
  const { toWrite: assignments } = mergeAssignments(tables.meters, [], faults)
  faults.check()
  const unitOf = new Map(
    assignments.filter((one) => isValid(one, at)).map(({ device_id, unit_id }) => [device_id, unit_id]),
  )
  return [...network.devices.rows.values()].map((device, index) =>
    registrationOf(device, unitOf.get(device.device_id), network, index + 1),
  )
}

const isValid = ({ valid_from, valid_to }: Assignment, at: number): boolean => valid_from <= at && at < valid_to

/** What its site and its unit add to a device, as the registry's own query has it. */
function registrationOf(
  device: Device,
  unitId: string | undefined,
  { units, sites }: MergedNetwork,
  deviceKey: number,
): Registration {
  const unit = unitId === undefined ? undefined : units.rows.get(unitId)
  const siteId = device.site_id ?? unit?.site_id
  const site = siteId == null ? undefined : sites.rows.get(siteId)
  const feederId = device.feeder_id ?? unit?.feeder_id ?? site?.feeder_id
  const location = device.location ?? (site?.latitude == null ? undefined : `${site.latitude},${site.longitude}`)
  const nominalVoltageV = device.nominal_voltage_v ?? unit?.nominal_voltage_v
  return {
    deviceKey,
    deviceId: device.device_id,
    status: device.status,
    ...(device.kind !== null && { kind: device.kind }),
    ...(device.der_type !== null && { derType: device.der_type }),
    ...(feederId != null && { feederId }),
    ...(siteId != null && { siteId }),
    ...(location !== undefined && { location }),
    ...(nominalVoltageV !== undefined && { nominalVoltageV }),
  }
}
