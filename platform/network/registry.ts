import { platformClock, type Clock } from '../clock/clock.ts'
import { pause } from '../clock/pause.ts'
import { DatabaseUnavailable, type Database } from '../storage/database.ts'
import type { Reason } from '../wire/reasons.ts'
import { decideContact, isStranger, type FirstContact } from './first-contact.ts'
import type { Claim, Registration } from './registration.ts'
import {
  allRegistrations,
  applyClaims,
  assignmentPeriod,
  insertDevices,
  registrationsOf,
  setStatus,
  type AssignmentPeriod,
} from './repository.ts'

/**
 * How long changes by others may wait, at least; and five times as long as the last reload took, so that a storm of
 * first contacts to a large registry leaves time for other work.
 */
const reloadPauseMs = 100

/**
 * The devices of this installation, held in memory and kept up with the database: enrichment asks for every reading.
 */
export class Registry {
  #database: Database
  #firstContact: FirstContact
  #devices = new Map<string, Registration>()
  /** Since the last reading of the registry began: it may not have seen them. */
  #contacted = new Map<string, Registration>()
  #loaded = false
  #waitingForLoad: (() => void)[] = []
  #closing = new AbortController()
  #listening: Promise<void>
  #stale = false
  /** While no meter changes its unit as entered before: no notice comes then. */
  #period: AssignmentPeriod = { from: -Infinity, until: Infinity }
  #clock: Clock
  #report: (error: unknown) => void

  /** @param report told of a fault that is not the database being away */
  constructor(
    database: Database,
    firstContact: FirstContact,
    report: (error: unknown) => void,
    clock: Clock = platformClock,
  ) {
    this.#report = report
    this.#clock = clock
    this.#database = database
    this.#firstContact = firstContact
    this.#listening = Promise.all([
      database.listen('registry_changed', () => (this.#stale = true), this.#closing.signal),
      this.#keepFresh(),
    ]).then(() => undefined)
  }

  /** Resolves once the registry has been read; then `find` answers at once. Rejects when closed or aborted before. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (this.#loaded) return
    const ends = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
    ends.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      this.#waitingForLoad.push(resolve)
      ends.addEventListener('abort', () => reject(ends.reason as Error), { once: true })
    })
  }

  find(deviceId: string): Registration | undefined {
    return this.#devices.get(deviceId)
  }

  get size(): number {
    return this.#devices.size
  }

  /** Whether a message with this claim needs `contact` first: nobody knows the device, or its kind. */
  needsContact(claim: Claim): boolean {
    return isStranger(claim, this.#devices.get(claim.deviceId))
  }

  /**
   * First contact with devices, by the installation's setting. Afterwards `find` knows those that were registered.
   * @returns the reason for which the others were not
   * @throws DatabaseUnavailable where nothing could be decided
   */
  async contact(claims: Claim[]): Promise<Reason> {
    const decision = decideContact(claims, this.#firstContact, this.#devices.size)
    if (typeof decision === 'string') return decision
    const { admitted, status } = decision
    const deviceIds = admitted.map(({ deviceId }) => deviceId)
    const registered = await this.#database.transaction(async (client) => {
      const now = this.#clock.now()
      await insertDevices(client, admitted, status, now)
      if (status === 'active') await applyClaims(client, deviceIds)
      return registrationsOf(client, deviceIds, now)
    })
    for (const registration of registered) {
      this.#devices.set(registration.deviceId, registration)
      this.#contacted.set(registration.deviceId, registration)
    }
    return 'unknown_device'
  }

  /** Lets devices in, with the place and rating they claimed. @returns those that were not in before */
  async approve(deviceIds: string[]): Promise<string[]> {
    return this.#database.transaction(async (client) => {
      await applyClaims(client, deviceIds)
      return setStatus(client, deviceIds, 'active')
    })
  }

  async reject(deviceIds: string[]): Promise<string[]> {
    return this.#database.transaction((client) => setStatus(client, deviceIds, 'rejected'))
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#listening
  }

  async #keepFresh(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const began = performance.now()
      if (this.#stale || this.#isPast(this.#clock.now())) await this.#reload()
      await pause(Math.max(reloadPauseMs, 5 * (performance.now() - began)), signal)
    }
  }

  /** A simulated clock also goes back. */
  #isPast(now: number): boolean {
    return now < this.#period.from || now >= this.#period.until
  }

  async #reload(): Promise<void> {
    this.#stale = false
    this.#contacted.clear()
    try {
      const now = this.#clock.now()
      this.#period = await assignmentPeriod(this.#database, now)
      const registrations = await allRegistrations(this.#database, now)
      this.#devices = new Map(registrations.map((registration) => [registration.deviceId, registration]))
      for (const device of this.#contacted.values()) this.#devices.set(device.deviceId, device)
      this.#loaded = true
      for (const proceed of this.#waitingForLoad.splice(0)) proceed()
    } catch (error) {
      // What was known stays known until the database is back; it says itself when it is down.
      this.#stale = true
      if (!(error instanceof DatabaseUnavailable)) this.#report(error)
    }
  }
}
