import { Problem, titleOf } from '../../../platform/http/problem.ts'
import type { Forbidden } from '../interlocks/interlock.ts'
import type { ChangedCommand } from '../keeper/change-commands.ts'

/** A request that comes to nothing. @param code  why, for programs */
export const refusedRequest = (status: number, code: string, detail: string): Problem =>
  new Problem(status, titleOf(status), { detail, code })

/** @throws Problem 409 that names each, where something forbids it */
export function refuseForbidden(forbidden: readonly Forbidden[]): void {
  if (forbidden.length === 0) return
  throw new Problem(409, titleOf(409), {
    code: 'forbidden',
    detail: forbidden.map(({ text }) => text.en).join('; '),
    errors: forbidden.map(({ interlock, text }) => ({ field: `interlock.${interlock}`, problem: text.en })),
  })
}

type Refusal = NonNullable<ChangedCommand['refused']>

const words: Readonly<Record<Refusal, string>> = {
  'unknown-command': 'there is none of this id',
  ended: 'it has ended',
  'too-late-to-take-back': 'it has been sent: nobody can take it back',
  'not-unknown': 'only what became unknown is released',
  expired: 'it has expired',
  'not-pending': 'it does not wait for an approval',
  'not-possible': 'it cannot be where it stands',
  quarantined: 'it comes from a backup: somebody releases it first',
  'not-quarantined': 'it does not come from a backup',
  'device-busy': 'another command of the device is under way',
}

/** What a caller hears of a change that was refused. */
export const problemOfRefusal = (refused: Refusal, commandId: string): Problem =>
  refusedRequest(409, refused, `command ${commandId}: ${words[refused]}`)
