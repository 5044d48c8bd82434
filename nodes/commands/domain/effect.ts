import { classOf } from './classes.ts'
import type { Command, CommandEvent } from './command.ts'
import { toleranceKw } from './following.ts'

/** What was seen of a device in good quality. Instants are UTC milliseconds. */
export type Observed =
  | {
      readonly kind: 'switch'
      readonly at: number
      readonly position: 'open' | 'closed' | 'intermediate'
      /** Null: the switch does not say. */
      readonly recloseBlocked: boolean | null
    }
  | {
      readonly kind: 'meter'
      readonly at: number
      /** When what it measured began: before `at` by the interval that it averages over. */
      readonly from: number
      /** Of the phases that it has. */
      readonly voltagesV: readonly number[]
      readonly currentsA: readonly number[]
      /** Where its contact stands at `at`. Null: the meter does not say. */
      readonly contact: 'open' | 'closed' | null
    }
  | {
      readonly kind: 'der'
      readonly at: number
      readonly isPv: boolean
      /** At its terminals, > 0 for consumption. */
      readonly pActualKw: number
      /** Null: not known. */
      readonly ratedKw: number | null
    }
  | { readonly kind: 'panel'; readonly at: number }
  | { readonly kind: 'presence'; readonly at: number; readonly online: boolean }

/** What is known of a command's device: the last that was seen before it was sent, and what was seen since, the newest last. */
export interface Seen {
  readonly before: Observed | undefined
  readonly since: readonly Observed[]
}

/** Less current than this flows through no contact that is closed with anything behind it. */
const noCurrentA = 0.02
/** With less on it a meter measures nothing of what is behind its contact. */
const leastVoltageV = 50

/**
 * What was seen says of a command: its effect, the contrary, or nothing. Where the device has not said that it acted, only a change
 * speaks for the command: what stood as wanted before it was sent, or comes again and again by itself, proves nothing.
 */
export function evidenceOf(command: Command, seen: Seen): CommandEvent | undefined {
  const { before, since } = classOf(command.type).observation === 'supply' ? withoutIdle(seen) : seen
  const judged = since.map((observed) => ({ observed, effect: shows(command, observed) }))
  const shown = judged.findLast(({ effect }) => effect === true)
  if (shown && (command.executedAt !== null || (before && shows(command, before) === false)))
    return { kind: 'observed', effect: true, at: shown.observed.at }
  const newest = judged.findLast(({ effect }) => effect !== null)
  if (newest?.effect !== false) return undefined
  // A unit that was connected may draw nothing.
  if (command.type === 'connect' && !saysContact(newest.observed)) return undefined
  return { kind: 'observed', effect: false, at: newest.observed.at }
}

/** Of a meter that says where its contact stands, a reading that does not, and shows no current, tells nothing: its unit may be idle. */
function withoutIdle({ before, since }: Seen): Seen {
  if (![before, ...since].some(saysContact)) return { before, since }
  const tells = (observed: Observed): boolean =>
    observed.kind !== 'meter' || saysContact(observed) || flowsThrough(observed)
  return { before: before && tells(before) ? before : undefined, since: since.filter(tells) }
}

const saysContact = (observed: Observed | undefined): boolean => observed?.kind === 'meter' && observed.contact !== null

/** Whether the device stands as the command wants it; null: that cannot be told from this. */
function shows(command: Command, observed: Observed): boolean | null {
  switch (classOf(command.type).observation) {
    case 'switch-position':
      if (observed.kind !== 'switch' || observed.position === 'intermediate') return null
      return observed.position === (command.type === 'close' ? 'closed' : 'open')
    case 'reclose-block':
      if (observed.kind !== 'switch' || observed.recloseBlocked === null) return null
      return observed.recloseBlocked === (command.type === 'block_reclose')
    case 'supply':
      return observed.kind === 'meter' ? showsSupply(command, observed) : null
    case 'active-power':
      return observed.kind === 'der' ? showsPower(command, observed) : null
    case 'reading':
      return observed.kind === 'presence' ? null : true
    case 'presence':
      return observed.kind === 'presence' && observed.online ? true : null
    case null:
      return null
  }
}

/**
 * A meter that says where its contact stands says it of an instant. Of any other, it measures the voltage before its contact, and
 * the current through it: without voltage nothing flows either way, and what it averaged from before the command on says nothing of
 * after it.
 */
function showsSupply(
  { type, firstDispatchedAt }: Command,
  observed: Extract<Observed, { kind: 'meter' }>,
): boolean | null {
  const { at, from, voltagesV, currentsA, contact } = observed
  if (contact !== null) return (contact === 'closed') === (type === 'connect')
  const isMixed = firstDispatchedAt !== null && from < firstDispatchedAt && at > firstDispatchedAt
  if (isMixed || currentsA.length === 0 || !voltagesV.some((volts) => volts >= leastVoltageV)) return null
  return flowsThrough(observed) === (type === 'connect')
}

const flowsThrough = ({ currentsA }: Extract<Observed, { kind: 'meter' }>): boolean =>
  currentsA.some((amperes) => Math.abs(amperes) > noCurrentA)

function showsPower(
  { type, args }: Command,
  { isPv, pActualKw, ratedKw }: Extract<Observed, { kind: 'der' }>,
): boolean | null {
  const wanted = Number(args['p_setpoint_kw'] ?? args['p_limit_kw'])
  const within = toleranceKw(ratedKw ?? wanted)
  if (type === 'curtail') return -pActualKw <= wanted + within
  if (type === 'set_limit') return Math.abs(pActualKw) <= wanted + within
  // The sun gives no more than it does.
  if (isPv) return -pActualKw <= wanted + within
  return Math.abs(pActualKw - wanted) <= within
}
