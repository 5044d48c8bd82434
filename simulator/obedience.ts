import {
  concludeCommand,
  emptyMemory,
  readCommand,
  restarted,
  takeCommand,
  type DeviceAbilities,
  type DeviceMemory,
  type Outcome,
  type Taken,
} from '../platform/wire/command-device.ts'
import type { CommandAck, CommandMessage } from '../platform/wire/command.ts'
import type { CommandFaults } from './command-faults.ts'

export interface ObedienceOptions {
  readonly devices: readonly DeviceAbilities[]
  /** The time of the field, UTC milliseconds. */
  readonly now: () => number
  readonly faults: CommandFaults
  /** Whether a device hears. */
  readonly isHeard: (deviceId: string) => boolean
  /** Has a device begin to act. @returns why it will not; undefined: it is under way */
  readonly begin: (deviceId: string, message: CommandMessage) => Outcome | undefined
  readonly answer: (deviceId: string, ack: CommandAck) => void
  /** A command, and what was done about it, in one line. */
  readonly report: (line: string) => void
  readonly warn: (line: string) => void
}

interface Obeying {
  readonly abilities: DeviceAbilities
  memory: DeviceMemory
  /** Answers for what it does not do. */
  lying: boolean
  effects: number
}

/** The devices of a field as they take commands: each keeps its ledger, and its effects are counted. */
export class Obedience {
  readonly #options: ObedienceOptions
  readonly #devices: ReadonlyMap<string, Obeying>

  constructor(options: ObedienceOptions) {
    this.#options = options
    this.#devices = new Map(
      options.devices.map((abilities) => [
        abilities.deviceId,
        { abilities, memory: emptyMemory, lying: false, effects: 0 },
      ]),
    )
  }

  /** How often each device has acted, of those that have. */
  get effects(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#devices].filter(([, { effects }]) => effects > 0).map(([id, { effects }]) => [id, effects]),
    )
  }

  /** What a device says of itself. */
  capabilitiesOf(deviceId: string): string[] {
    const device = this.#devices.get(deviceId)
    if (!device) return []
    const { ledger, expiry, select, isSigned } = device.abilities
    const can = { commands: true, ledger, expiry, select, clock: true, signature: isSigned !== undefined }
    return Object.entries(can).flatMap(([name, has]) => (has ? [name] : []))
  }

  /** Takes a message on `grid/commands/<deviceId>`. */
  take(deviceId: string, payload: string, retained: boolean): void {
    const device = this.#devices.get(deviceId)
    if (!device || !this.#options.isHeard(deviceId)) return
    // it would be done at every start again
    if (retained) return this.#options.warn(`command to ${deviceId} refused: it is retained`)
    const message = readCommand(payload)
    if ('problem' in message)
      return this.#options.warn(
        `command to ${deviceId} refused: ${message.problem}: ${JSON.stringify(payload.slice(0, 80))}`,
      )
    for (let times = this.#options.faults.timesHeard(deviceId, this.#options.now()); times > 0; times--)
      this.#obey(device, message)
  }

  /** After a step of the field: what was under way has come about. */
  step(): void {
    for (const device of this.#devices.values()) {
      if (!device.memory.executing || !this.#options.isHeard(device.abilities.deviceId)) continue
      this.#conclude(device, { status: 'executed' })
    }
    const { faults, now, answer } = this.#options
    for (const { deviceId, ack } of faults.released(now())) answer(deviceId, ack)
  }

  #obey(device: Obeying, message: CommandMessage): void {
    const { abilities } = device
    const { faults, now } = this.#options
    if (faults.forgets(abilities.deviceId, now())) device.memory = emptyMemory
    const taken = takeCommand(device.memory, message, abilities, this.#clock(device))
    this.#keep(device, taken)
    const { command_id, phase, type } = message
    this.#options.report(
      `command ${abilities.deviceId} ${phase} ${type} ${command_id} -> ${taken.answer?.status ?? 'nothing'}`,
    )
    if (!taken.act) return
    device.lying = faults.lies(abilities.deviceId, now())
    const outcome = device.lying ? undefined : this.#options.begin(abilities.deviceId, taken.act)
    if (outcome) this.#conclude(device, outcome)
    else if (message.type === 'reboot' && !device.lying) device.memory = rebooting(device.memory, abilities)
  }

  #conclude(device: Obeying, outcome: Outcome): void {
    if (outcome.status === 'executed' && !device.lying) device.effects += 1
    this.#keep(device, concludeCommand(device.memory, outcome, device.abilities, this.#clock(device)))
  }

  /** What is remembered comes before what is said. */
  #keep(device: Obeying, { memory, answer }: Taken): void {
    device.memory = memory
    const { deviceId } = device.abilities
    if (!answer) return
    const said = this.#options.faults.said({ deviceId, ack: answer }, this.#options.now())
    for (const one of said) this.#options.answer(one.deviceId, one.ack)
  }

  #clock({ abilities }: Obeying): number {
    const now = this.#options.now()
    return now + this.#options.faults.clockOffsetMs(abilities.deviceId, now)
  }
}

/** What outlasts a restart that was asked for: it is through when the device is back. */
const rebooting = (memory: DeviceMemory, abilities: DeviceAbilities): DeviceMemory => ({
  ...restarted({ ...memory, executing: undefined }, abilities),
  executing: memory.executing,
})
