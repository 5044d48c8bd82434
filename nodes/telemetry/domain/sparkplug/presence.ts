import { topicOf } from '../../../../platform/wire/contract.ts'
import type { ContractMessage } from './report.ts'

/** Identifiers in use, at most: as many as the registry takes. */
const mostIdentifiers = 200_000

/** Who is called what, and what was last said of his presence: a word moves presence forward in time only. */
export class Presences {
  #owners = new Map<string, { name: string; saidAt: number }>()

  /**
   * Gives an identifier to a source: two whose names differ in what the contract cannot write would share their readings.
   * @returns undefined, or why it cannot be given
   */
  claim(deviceId: string, name: string): string | undefined {
    const owner = this.#owners.get(deviceId)
    if (owner)
      return owner.name === name
        ? undefined
        : `${name} would be ${deviceId}, as ${owner.name} is: a rule has to name it`
    if (this.#owners.size >= mostIdentifiers) return `${mostIdentifiers} devices are known, and no more are taken`
    this.#owners.set(deviceId, { name, saidAt: -Infinity })
    return undefined
  }

  /** Gives up the identifiers of an edge node and its devices. */
  release(edgeNode: string): void {
    for (const [deviceId, { name }] of this.#owners)
      if (name === edgeNode || name.startsWith(`${edgeNode}/`)) this.#owners.delete(deviceId)
  }

  say(deviceId: string, status: 'online' | 'offline', at: number): ContractMessage {
    const owner = this.#owners.get(deviceId)
    const timestamp = Math.max(at, (owner?.saidAt ?? -Infinity) + 1)
    if (owner) owner.saidAt = timestamp
    return { topic: topicOf('status', deviceId), body: { device_id: deviceId, status, timestamp } }
  }
}
