import type { DeviceStatus, GridEvent } from '../platform/wire/payloads.ts'
import type { Conditions, FieldDevice } from './conditions.ts'
import { messageOf, type FieldMessage } from './field-message.ts'

interface Supplied extends Pick<Conditions, 'interruptionOf'> {
  /** The loss of communication that a device suffers, and whether it keeps its readings meanwhile. */
  readonly communicationLossOf: (device: FieldDevice) => { readonly readings?: 'kept' | 'lost' } | undefined
}

/** What a meter that is told to keep its readings has room for. */
const MOST_KEPT = 3_600

interface Standing {
  readonly device: FieldDevice
  powered: boolean
  reachable: boolean
  /** What it keeps for when it can be heard again. */
  kept: FieldMessage[]
}

/**
 * Who can be heard: a device without grid is dark, and one that has lost its communication speaks to nobody. A meter
 * says so with its last gasp, and again when it is back; of all others the broker says that they are offline.
 */
export class Reach {
  readonly #standings: ReadonlyMap<string, Standing>

  constructor(devices: readonly FieldDevice[]) {
    this.#standings = new Map(
      devices.map((device) => [device.id, { device, powered: true, reachable: true, kept: [] }]),
    )
  }

  /**
   * What of a step's messages is heard, with what the change of conditions itself gives rise to.
   * @param at         instant of the step, UTC milliseconds
   * @param reporting  false: nobody is heard
   */
  heard(messages: readonly FieldMessage[], conditions: Supplied, at: number, reporting = true): FieldMessage[] {
    const heard: FieldMessage[] = []
    const keepers = new Set<Standing>()
    for (const standing of this.#standings.values()) {
      if (conditions.communicationLossOf(standing.device)?.readings === 'kept') keepers.add(standing)
      heard.push(...this.#change(standing, conditions, at, reporting))
    }
    for (const message of messages) {
      const standing = this.#standings.get(message.deviceId)
      if (!standing || (standing.powered && standing.reachable)) heard.push(message)
      else if (standing.powered && keepers.has(standing) && standing.kept.length < MOST_KEPT)
        standing.kept.push(message)
    }
    return heard
  }

  /** Whether a device could be heard at the last step. */
  isHeard(deviceId: string): boolean {
    return this.#standings.get(deviceId)?.reachable ?? false
  }

  #change(standing: Standing, conditions: Supplied, at: number, reporting: boolean): FieldMessage[] {
    const { device, powered: wasPowered, reachable: wasReachable } = standing
    // Switches stand in the substation's own supply.
    const interruption = device.kind === 'switch' ? undefined : conditions.interruptionOf(device)
    const linked = reporting && conditions.communicationLossOf(device) === undefined
    const messages: FieldMessage[] = []
    standing.powered = interruption === undefined
    standing.reachable = standing.powered && linked

    if (wasPowered && !standing.powered && wasReachable && linked && device.kind === 'meter')
      messages.push(powerEvent(device.id, 'power_lost', at, interruption?.cause))
    if (wasReachable && !standing.reachable) messages.push(presence({ status: 'offline', device_id: device.id }))
    if (!wasReachable && standing.reachable) {
      const timestamp = new Date(at).toISOString()
      messages.push(presence({ status: 'online', device_id: device.id, timestamp }), ...standing.kept.splice(0))
    }
    if (!wasPowered && standing.reachable && device.kind === 'meter')
      messages.push(powerEvent(device.id, 'power_restored', at))
    return messages
  }
}

/** What the broker says in its name has no time: a Last Will was written before. */
const presence = (status: DeviceStatus & { device_id: string }): FieldMessage =>
  messageOf('status', status.device_id, status, true)

function powerEvent(id: string, type: 'power_lost' | 'power_restored', at: number, cause?: string): FieldMessage {
  const event: GridEvent = {
    ...{ device_id: id, event_id: `${id}-${type}-${at}`, timestamp: new Date(at).toISOString(), type },
    ...(cause !== undefined && { cause }),
  }
  return messageOf('event', id, event)
}
