import type { CommandAck } from '../platform/wire/command.ts'
import type { CommandFault } from '../platform/wire/simulation.ts'
import type { Faults } from './faults.ts'

/** What a device says of a command. */
export interface Answer {
  readonly deviceId: string
  readonly ack: CommandAck
}

interface Held extends Answer {
  readonly until: number
  /** It comes after the device's next answer, if there is one before. */
  readonly isOvertaken: boolean
}

/** What befalls a command, or an answer: one of them at most. */
export const heardFaults = ['command_lost', 'command_twice'] as const satisfies readonly CommandFault[]
export const saidFaults = [
  'ack_lost',
  'ack_twice',
  'ack_late',
  'ack_reordered',
] as const satisfies readonly CommandFault[]

const mostHeld = 10_000
/** An answer that no other one overtakes is said after so long all the same, ms. */
const OVERTAKEN_WITHIN_MS = 60_000

/** What goes wrong with the commands of a field and with the answers to them. */
export class CommandFaults {
  readonly #faults: Pick<Faults, 'commandStroke' | 'clockOffsetMs'>
  #held: Held[] = []

  constructor(faults: Pick<Faults, 'commandStroke' | 'clockOffsetMs'>) {
    this.#faults = faults
  }

  /** How often a device hears a command that was sent to it once. */
  timesHeard(deviceId: string, at: number): 0 | 1 | 2 {
    const stroke = this.#faults.commandStroke(deviceId, heardFaults, at)
    return stroke === undefined ? 1 : stroke.fault === 'command_lost' ? 0 : 2
  }

  /** Whether it has lost its ledger. */
  forgets = (deviceId: string, at: number): boolean =>
    this.#faults.commandStroke(deviceId, ['forget'], at) !== undefined

  /** Whether it says that it did what it does not do. */
  lies = (deviceId: string, at: number): boolean => this.#faults.commandStroke(deviceId, ['lie'], at) !== undefined

  /** How far its clock is off, ms. */
  clockOffsetMs = (deviceId: string, at: number): number => this.#faults.clockOffsetMs(deviceId, at)

  /** What is heard of an answer, with what it was overtaken by. */
  said(answer: Answer, at: number): Answer[] {
    const overtaken = this.#take(({ deviceId, isOvertaken }) => isOvertaken && deviceId === answer.deviceId)
    const stroke = this.#faults.commandStroke(answer.deviceId, saidFaults, at)
    if (stroke?.fault === 'ack_lost') return overtaken
    if (stroke?.fault === 'ack_twice') return [answer, answer, ...overtaken]
    const isHeld = stroke !== undefined && this.#held.length < mostHeld
    if (!isHeld) return [answer, ...overtaken]
    const isOvertaken = stroke.fault === 'ack_reordered'
    this.#held.push({ ...answer, isOvertaken, until: at + (isOvertaken ? OVERTAKEN_WITHIN_MS : stroke.holdMs) })
    return overtaken
  }

  /** Late answers whose time has come. */
  released(at: number): Answer[] {
    return this.#take(({ until }) => at >= until)
  }

  #take(which: (held: Held) => boolean): Answer[] {
    const taken = this.#held.filter(which)
    this.#held = this.#held.filter((held) => !which(held))
    return taken
  }
}
