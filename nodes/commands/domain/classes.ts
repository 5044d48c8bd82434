import { Type, type TObject } from '@sinclair/typebox'
import type { CommandType } from '../../../platform/wire/command.ts'
import type { ReadingKind } from '../../../platform/wire/reading.ts'
import type { CommandPlan, DeviceCapabilities } from './command.ts'

/**
 * What shows that a command had its effect:
 * - `switch-position`: the switch says that it stands as it was told to
 * - `reclose-block`: the switch says that reclosing is blocked, or is not
 * - `supply`: the meter measures voltage and current as it must with its contact closed or open
 * - `active-power`: the power at the terminals follows what was set
 * - `reading`: a reading taken after it
 * - `presence`: the device was heard to come online after it
 */
export const observations = [
  ...(['switch-position', 'reclose-block', 'supply', 'active-power', 'reading', 'presence'] as const),
] as const
export type Observation = (typeof observations)[number]

/** How a kind of command is dealt with. Durations in milliseconds. */
export interface CommandClass {
  readonly type: CommandType
  readonly names: { readonly en: string; readonly pt: string }
  /** What can be told so. */
  readonly kinds: readonly ReadingKind[]
  readonly args: TObject
  /** Somebody else than its author must approve it. */
  readonly needsApproval: boolean
  /** The password must be given again for it. */
  readonly needsProof: boolean
  /** The device is armed first, where it can be. */
  readonly needsSelect: boolean
  /** It ends when its effect was observed, and not when the device says so. Null: it ends with `executed`. */
  readonly observation: Observation | null
  /** Unless whoever asks says otherwise. */
  readonly expiresAfterMs: number
  readonly mostExpiresAfterMs: number
  /** To a device with a ledger; to others it is one. */
  readonly mostAttempts: number
  /** So long an answer is awaited after the first attempt; after each further one twice as long. */
  readonly answerWithinMs: number
  readonly verifyWithinMs: number
  /** A newer one takes the place of one of the same type that was not sent yet. */
  readonly supersedes: boolean
}

const [second, minute, hour] = [1_000, 60_000, 3_600_000] as const

const patience = { mostAttempts: 5, answerWithinMs: 10 * second }
const nothing = Type.Object({})
const plain = { needsApproval: false, needsProof: false, needsSelect: false, supersedes: false }
/** What interrupts or endangers people takes two persons and a password. */
const critical = { needsApproval: true, needsProof: true, needsSelect: true, supersedes: false }

/** What the classes of one kind of device have in common. */
type Shared = Omit<CommandClass, 'type' | 'names' | 'args'>

const switching: Shared = {
  ...{ ...patience, ...critical, kinds: ['switch'], observation: 'switch-position' },
  ...{ expiresAfterMs: 10 * minute, mostExpiresAfterMs: 24 * hour, verifyWithinMs: minute },
}
const reclosing: Shared = {
  ...{ ...patience, ...plain, kinds: ['switch'], observation: 'reclose-block' },
  ...{ expiresAfterMs: 5 * minute, mostExpiresAfterMs: 24 * hour, verifyWithinMs: minute },
}
/** A meter sends every ten minutes at the latest. */
const metering: Shared = {
  ...{ ...patience, ...critical, needsSelect: false, kinds: ['meter'], observation: 'supply' },
  ...{ expiresAfterMs: 15 * minute, mostExpiresAfterMs: 72 * hour, verifyWithinMs: 21 * minute },
}
const setting: Shared = {
  ...{ ...patience, ...plain, kinds: ['der'], observation: 'active-power', supersedes: true },
  ...{ expiresAfterMs: 5 * minute, mostExpiresAfterMs: 24 * hour, verifyWithinMs: 2 * minute },
}

const mostKw = 1_000_000
const limitKw = (description: string) => Type.Number({ minimum: 0, maximum: mostKw, description, examples: [5] })
/** Why a unit is disconnected: for what it owes there are days on which nobody may be. */
export const disconnectionReasons = ['non_payment', 'request', 'safety'] as const
export type DisconnectionReason = (typeof disconnectionReasons)[number]

const classes: Readonly<Record<CommandType, Omit<CommandClass, 'type'>>> = {
  open: { ...switching, args: nothing, names: { en: 'open', pt: 'abrir' } },
  close: { ...switching, args: nothing, names: { en: 'close', pt: 'fechar' } },
  // Makes safe: nobody waits for a second person, nor for the device to be armed.
  trip: {
    ...{ ...switching, args: nothing, names: { en: 'trip', pt: 'desarmar' }, needsApproval: false, needsSelect: false },
    ...{ expiresAfterMs: 30 * second, mostExpiresAfterMs: 10 * minute },
  },
  block_reclose: { ...reclosing, args: nothing, names: { en: 'block reclosing', pt: 'bloquear religamento' } },
  // Gives up what protects people at work.
  unblock_reclose: {
    ...{
      ...reclosing,
      args: nothing,
      names: { en: 'unblock reclosing', pt: 'desbloquear religamento' },
      needsProof: true,
    },
  },
  connect: { ...metering, args: nothing, names: { en: 'connect', pt: 'religar' } },
  disconnect: {
    ...{ ...metering, names: { en: 'disconnect', pt: 'desligar' } },
    args: Type.Object({
      reason: Type.Unsafe<DisconnectionReason>({
        ...{ type: 'string', enum: [...disconnectionReasons], description: 'Why the unit is disconnected' },
      }),
    }),
  },
  set_limit: {
    ...{ ...setting, names: { en: 'set limit', pt: 'definir limite' } },
    args: Type.Object({ p_limit_kw: limitKw('Most power in either direction, kW, until another limit is set') }),
  },
  set_point: {
    ...{ ...setting, names: { en: 'set point', pt: 'definir potência' } },
    args: Type.Object({
      p_setpoint_kw: Type.Number({
        ...{ minimum: -mostKw, maximum: mostKw, examples: [5] },
        description:
          'Power wanted, kW, signed as the device signs `p_actual_kw`: pv > 0 generates, battery > 0 charges',
      }),
    }),
  },
  curtail: {
    ...{ ...setting, names: { en: 'curtail', pt: 'cortar geração' } },
    args: Type.Object({
      p_limit_kw: limitKw('Most power fed into the grid, kW'),
      duration_s: Type.Integer({ minimum: 60, maximum: 86_400, description: 'For so long, s', examples: [900] }),
    }),
  },
  reboot: {
    ...{ ...patience, ...plain, names: { en: 'reboot', pt: 'reiniciar' }, args: nothing, observation: 'presence' },
    ...{ kinds: ['switch', 'meter', 'der', 'panel'], needsProof: true, verifyWithinMs: 5 * minute },
    ...{ expiresAfterMs: 10 * minute, mostExpiresAfterMs: 24 * hour },
  },
  read_now: {
    ...{ ...patience, ...plain, names: { en: 'read now', pt: 'ler agora' }, args: nothing, observation: 'reading' },
    ...{ kinds: ['switch', 'meter', 'der', 'panel'], verifyWithinMs: minute },
    ...{ expiresAfterMs: 5 * minute, mostExpiresAfterMs: 24 * hour },
  },
}

/** How commands of a type are dealt with. */
export const classOf = (type: CommandType): CommandClass => ({ ...classes[type], type })

/** What is to be done with a command of this class to a device that can do this. */
export function planFor(of: CommandClass, capabilities: DeviceCapabilities): CommandPlan {
  return {
    needsApproval: of.needsApproval,
    needsSelect: of.needsSelect && capabilities.select,
    needsVerification: of.observation !== null,
    mostAttempts: capabilities.ledger ? of.mostAttempts : 1,
    answerWithinMs: of.answerWithinMs,
    verifyWithinMs: of.verifyWithinMs,
  }
}
