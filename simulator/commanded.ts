import type { CommandMessage, CommandType } from '../platform/wire/command.ts'
import { addCauses, type Outcome } from '../platform/wire/command-device.ts'
import type { FieldDevice } from './conditions.ts'
import type { Position } from './devices/switch.ts'

/** A device that restarts is away for so long, ms of the field. */
const REBOOT_MS = 5_000

const everyDevice = ['reboot', 'read_now'] as const

/** What each kind of device can be commanded to do. */
export const commandTypesOf: Readonly<Record<FieldDevice['kind'], readonly CommandType[]>> = {
  switch: ['open', 'close', 'trip', 'block_reclose', 'unblock_reclose', ...everyDevice],
  meter: ['connect', 'disconnect', ...everyDevice],
  der: ['set_limit', 'set_point', 'curtail', ...everyDevice],
  panel: everyDevice,
}

/** Most power that may flow, kW: into the device, and into the grid. */
export interface PowerLimits {
  readonly intoDeviceKw: number
  readonly intoGridKw: number
}

/** How a device stands, as far as that decides what a command comes to. */
interface Standing {
  /** Of a switch. */
  readonly position?: Position | undefined
  /** The event of the scenario that holds a switch where it stands. */
  readonly switching?: object | undefined
}

/** What commands have made of the devices of a field: how they are to be from the next step on. */
export class Commanded {
  readonly #positions = new Map<string, { readonly position: Position; readonly under: object | undefined }>()
  readonly #recloseBlocked = new Set<string>()
  readonly #disconnected = new Set<string>()
  readonly #limitsKw = new Map<string, number>()
  readonly #curtailments = new Map<string, { readonly kw: number; readonly until: number }>()
  readonly #toReport = new Set<string>()
  readonly #away = new Map<string, number>()

  /**
   * Where a switch was told to stand, until the scenario moves it: then it is as if it had never been told.
   * @param switching  the event of the scenario that concerns it now
   */
  positionOf(switchId: string, switching: object | undefined): Position | undefined {
    const told = this.#positions.get(switchId)
    if (told && told.under !== switching) this.#positions.delete(switchId)
    return this.#positions.get(switchId)?.position
  }

  isRecloseBlocked = (switchId: string): boolean => this.#recloseBlocked.has(switchId)

  /** Whether the meter's contact is open: nothing flows, and it still measures the voltage before it. */
  isDisconnected = (meterId: string): boolean => this.#disconnected.has(meterId)

  limitsOf(derId: string, at: number): PowerLimits {
    const limitKw = this.#limitsKw.get(derId) ?? Infinity
    const curtailment = this.#curtailments.get(derId)
    const curtailedKw = curtailment && at < curtailment.until ? curtailment.kw : Infinity
    return { intoDeviceKw: limitKw, intoGridKw: Math.min(limitKw, curtailedKw) }
  }

  /** Whether a device is to report at once: said once for each time that it was told. */
  takeReport = (deviceId: string): boolean => this.#toReport.delete(deviceId)

  /** Whether a device restarts. */
  isAway = (deviceId: string, at: number): boolean => at < (this.#away.get(deviceId) ?? -Infinity)

  /**
   * Begins what a device was told; it shows from the next step on.
   * @param at  instant of the last step, UTC milliseconds
   * @returns undefined: it is under way
   */
  begin(deviceId: string, { type, args }: CommandMessage, at: number, standing: Standing): Outcome | undefined {
    switch (type) {
      case 'open':
      case 'trip':
        return this.#move(deviceId, 'open', standing)
      case 'close':
        return this.#move(deviceId, 'closed', standing)
      case 'block_reclose':
        // whoever waits for it works on the line: it is said at once
        this.#toReport.add(deviceId)
        return changed(add(this.#recloseBlocked, deviceId), 'reclosing is blocked')
      case 'unblock_reclose':
        this.#toReport.add(deviceId)
        return changed(this.#recloseBlocked.delete(deviceId), 'reclosing is not blocked')
      case 'disconnect':
        return changed(add(this.#disconnected, deviceId), 'it is disconnected')
      case 'connect':
        return changed(this.#disconnected.delete(deviceId), 'it is connected')
      case 'read_now':
        this.#toReport.add(deviceId)
        return undefined
      case 'reboot':
        this.#away.set(deviceId, at + REBOOT_MS)
        return undefined
      case 'set_limit':
      case 'curtail':
        return this.#limit(deviceId, args, at)
      case 'set_point':
        return numberOf(args, 'p_setpoint_kw') === undefined ? lacks('p_setpoint_kw') : undefined
    }
  }

  #move(switchId: string, position: Position, standing: Standing): Outcome | undefined {
    if (standing.position === position) return changed(false, `it is ${position}`)
    this.#positions.set(switchId, { position, under: standing.switching })
    return undefined
  }

  #limit(derId: string, args: CommandMessage['args'], at: number): Outcome | undefined {
    const kw = numberOf(args, 'p_limit_kw')
    if (kw === undefined || kw < 0) return lacks('p_limit_kw')
    const seconds = numberOf(args, 'duration_s')
    if (seconds === undefined) this.#limitsKw.set(derId, kw)
    else this.#curtailments.set(derId, { kw, until: at + seconds * 1000 })
    return undefined
  }
}

/** A number among the arguments of a command. */
export function numberOf(args: CommandMessage['args'], name: string): number | undefined {
  const value = args[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

const changed = (has: boolean, reason: string): Outcome | undefined =>
  has ? undefined : { status: 'rejected', reason, add_cause: addCauses.positionReached }

const lacks = (name: string): Outcome => ({
  ...{ status: 'rejected', reason: `${name} is missing or no such number` },
  add_cause: addCauses.inconsistentParameters,
})

const add = (set: Set<string>, id: string): boolean => !set.has(id) && Boolean(set.add(id))
