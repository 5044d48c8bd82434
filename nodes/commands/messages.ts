import type { AckStatus, CommandType } from '../../platform/wire/command.ts'
import type { Condition } from '../../platform/wire/condition.ts'
import type { CommandState } from './domain/command.ts'
import type { AskedSetpoint } from './domain/setpoint.ts'

/** A step in the life of a command, as it leaves the command node: once for each, in the order in which they were stored. */
export interface CommandStep {
  readonly commandId: string
  readonly deviceId: string
  readonly feederId: string | null
  readonly type: CommandType
  readonly args: Readonly<Record<string, number | string | boolean>>
  readonly requestedBy: string
  /** UTC milliseconds, as all instants here. */
  readonly expiresAt: number
  /** Null: it was requested. */
  readonly from: CommandState | null
  readonly to: CommandState
  readonly at: number
  /** What made it: `requested`, `dispatching`, `executed`, `due`, … */
  readonly cause: string
  readonly reason: string | null
  /** Null: the device or time. */
  readonly username: string | null
  /** Place in the log of commands, and within it. */
  readonly changed: number
  readonly ordinal: number
}

/** What the command node sends of the life of commands. */
export interface CommandSteps {
  readonly topic: 'commands/steps'
  readonly payload: readonly CommandStep[]
}

/** A request that the command node was given and that was accepted, with the message that brought it. */
export interface CommandAccepted {
  readonly topic: 'commands/accepted'
  readonly payload: {
    readonly commandId: string
    /** It was asked for before, with the same key: nothing was done. */
    readonly isRepeated: boolean
  }
}

/** An answer of a device, with what came of it. */
export interface AnsweredCommand {
  readonly deviceId: string
  readonly commandId: string
  readonly status: AckStatus
  readonly reason: string | null
  /** UTC milliseconds. */
  readonly receivedAt: number
  /** As the command stands now; null: none of ours was told so. */
  readonly state: CommandState | null
  /** It changed where the command stands; else it was late, or said before. */
  readonly hadEffect: boolean
}

/** What the command ack node sends. */
export interface CommandAnswers {
  readonly topic: 'commands/answers'
  readonly payload: readonly AnsweredCommand[]
}

/** What came where devices answer, and is no answer. */
export interface RefusedAnswer {
  /** As it came. */
  readonly topic: string
  readonly problem: string
  /** The first of it. */
  readonly text: string
}

/** What the command ack node sends of these. */
export interface RefusedAnswers {
  readonly topic: 'commands/refused-answers'
  readonly payload: readonly RefusedAnswer[]
}

/** What the setpoint node sends: what devices are to follow now; what was refused goes to Catch. */
export interface SetpointsSet {
  readonly topic: 'commands/setpoints'
  readonly payload: readonly AskedSetpoint[]
}

/** What is amiss with commands and setpoints, for alarms. */
export interface CommandConditions {
  readonly topic: 'commands/conditions'
  readonly payload: readonly Condition[]
}
