import type { CommandType } from '../../../platform/wire/command.ts'
import type { Surroundings } from './surroundings.ts'

/** A command, as interlocks see it. */
export interface Intended {
  readonly deviceId: string
  readonly type: CommandType
  readonly args: Readonly<Record<string, number | string | boolean>>
}

/** Why, for people: one line each, naming what stands in the way. */
export interface Why {
  readonly en: string
  readonly pt: string
}

/** Why a command is forbidden. */
export interface Forbidden {
  /** Which interlock: stable, for programs. */
  readonly interlock: string
  readonly text: Why
}

/** Something that forbids commands. */
export interface Interlock {
  /** Stable, for programs: kebab-case. */
  readonly name: string
  /** What stands in the way, each for itself; empty: nothing does. */
  readonly forbids: (intended: Intended, surroundings: Surroundings) => readonly Why[]
}
