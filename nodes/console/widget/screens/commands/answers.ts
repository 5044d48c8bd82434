import type { LiveCommand } from '../../../../../platform/wire/live-command.ts'
import type { CommandState } from '../../../../../platform/wire/live-command.ts'
import type { CommandType } from '../../../../../platform/wire/command.ts'
import type { ReadingKind } from '../../../../../platform/wire/reading.ts'
import type { BothLanguages } from '../screen-words.ts'

/** What of the answers of the API this page reads (docs/commands.md, docs/interlocks.md). Instants as ISO 8601. */
export type ArgumentValue = number | string | boolean
export type Arguments = Readonly<Record<string, ArgumentValue>>

/** One argument of a command, as the schema of its class has it. */
export interface ArgumentSchema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

export interface CommandClass {
  readonly type: CommandType
  readonly names: BothLanguages
  readonly kinds: readonly ReadingKind[]
  readonly args: {
    readonly properties?: Readonly<Record<string, ArgumentSchema>>
    readonly required?: readonly string[]
  }
  readonly needsApproval: boolean
  readonly needsProof: boolean
  readonly observation: string | null
  readonly expiresAfterMs: number
  readonly mostExpiresAfterMs: number
}

export interface Plan {
  readonly needsApproval: boolean
  readonly needsSelect: boolean
  readonly needsVerification: boolean
  readonly mostAttempts: number
  readonly answerWithinMs: number
  readonly verifyWithinMs: number
}

/** What would become of a request. */
export interface DryRun {
  readonly requestHash: string
  readonly needsProof: boolean
  readonly expiresAt: string
  readonly plan: Plan
  /** Null: it would be refused. */
  readonly state: 'pending_approval' | 'queued' | null
  readonly refusal: { readonly code: string; readonly detail: string } | null
  readonly forbidden: readonly { readonly interlock: string; readonly text: BothLanguages }[]
  readonly waitsFor: readonly string[]
  readonly supersedes: readonly string[]
  readonly affected: {
    readonly units: number
    readonly sections: readonly { readonly sectionId: string; readonly phases: string; readonly units: number }[]
  }
}

/** A command in a list. */
export interface ListedCommand extends LiveCommand {
  readonly bodyHash: string
  readonly controlNumber: number | null
  readonly supersededBy: string | null
}

export interface Step {
  readonly at: string
  /** By the wall's clock: beside `at`, how far a simulated clock is from it. */
  readonly recordedAt: string
  readonly fromState: CommandState | null
  readonly toState: CommandState
  readonly cause: string
  readonly username: string | null
  readonly reason: string | null
}

export interface Ack {
  readonly receivedAt: string
  readonly saidAt: string | null
  readonly status: string
  readonly controlNumber: number | null
  readonly reason: string | null
  readonly addCause: number | null
  readonly hadEffect: boolean
}

/** A command with all that became of it. */
export interface CommandInFull extends ListedCommand {
  readonly plan: Plan
  readonly timeline: readonly Step[]
  readonly acks: readonly Ack[]
}

/** What two persons did with what takes two: with the role and the address that the timeline has not. */
export interface ApprovalHistory {
  readonly history: readonly {
    readonly at: string
    readonly toStatus: string
    readonly username: string | null
    readonly role: string | null
    readonly address: string | null
    readonly reason: string | null
  }[]
}

/** A device that can be told something. */
export interface KnownDevice {
  readonly deviceId: string
  readonly kind: ReadingKind | null
}

export interface DeviceInFull extends KnownDevice {
  readonly type: string | null
  readonly status: string
  readonly feederId: string | null
  readonly siteId: string | null
  readonly ratedKw: number | null
  readonly isPhysical: boolean
  readonly silent: boolean
  readonly latest: {
    readonly timestamp: string
    readonly quality: string
    readonly powerKw: number | null
    readonly measures: Readonly<Record<string, number | string>>
  } | null
}

export const tagKinds = ['work_permit', 'hot_line', 'do_not_operate', 'reclose_blocked'] as const
export type TagKind = (typeof tagKinds)[number]
export const equipmentKinds = ['section', 'switch', 'earth_switch', 'source', 'transformer', 'device'] as const
export type EquipmentKind = (typeof equipmentKinds)[number]

export interface EquipmentTag {
  readonly tagId: number
  readonly kind: TagKind
  readonly equipment: { readonly kind: EquipmentKind; readonly id: string }
  readonly document: string | null
  readonly reason: string
  readonly owner: string
  readonly placedAt: string
}
