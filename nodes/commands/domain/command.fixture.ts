import { begin } from './begin.ts'
import type { Command, CommandEvent, CommandPlan, DeviceCapabilities } from './command.ts'
import { step, type Stepped } from './step.ts'

/** When commands of tests begin: 2026-09-07, 12:00 UTC. */
export const begun = 1_788_782_400_000

export const plainPlan: CommandPlan = {
  ...{ needsApproval: false, needsSelect: false, needsVerification: false },
  ...{ mostAttempts: 3, answerWithinMs: 5_000, verifyWithinMs: 60_000 },
}

/** Of a device that can all there is but signatures. */
export const fullCapabilities: DeviceCapabilities = {
  ...{ ledger: true, expiry: true, select: true, clock: true, signature: false },
}

/** Of a device that does what it is told, and remembers nothing. */
export const noCapabilities: DeviceCapabilities = {
  ...{ ledger: false, expiry: false, select: false, clock: false, signature: false },
}

export interface BeginningOf {
  readonly plan?: Partial<CommandPlan>
  readonly capabilities?: Partial<DeviceCapabilities>
  /** How long after its beginning it expires, ms; ten minutes unless given. */
  readonly expiresInMs?: number
}

/** A command at its beginning, `open` of `sw-1`. */
export const aCommand = ({ plan, capabilities, expiresInMs = 600_000 }: BeginningOf = {}): Command =>
  begin(
    {
      ...{ commandId: '5f0e6e0e-0a3e-4bb4-9d3a-5d3f3f2c9b11', deviceId: 'sw-1', type: 'open', args: {} },
      ...{ plan: { ...plainPlan, ...plan }, capabilities: { ...fullCapabilities, ...capabilities } },
      expiresAt: begun + expiresInMs,
    },
    begun,
  ).command

/** Events with when they happen, ms after the beginning. */
export type Happenings = readonly (readonly [afterMs: number, event: CommandEvent])[]

/** What becomes of a command. @returns the last step */
export function live(command: Command, happenings: Happenings): Stepped {
  let stepped: Stepped = { command, transitions: [], refused: null }
  for (const [afterMs, event] of happenings) stepped = step(stepped.command, event, begun + afterMs)
  return stepped
}

export const dispatching: CommandEvent = { kind: 'dispatching', controlNumber: 7 }
export const selecting: CommandEvent = { kind: 'selecting', controlNumber: 7 }
export const asking: CommandEvent = { kind: 'asking', controlNumber: 7 }
export const due: CommandEvent = { kind: 'due' }
export const answered = (status: Extract<CommandEvent, { kind: 'answered' }>['status']): CommandEvent => ({
  kind: 'answered',
  status,
})
