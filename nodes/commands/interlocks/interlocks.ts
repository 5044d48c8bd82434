import { earthed } from './earthed.ts'
import type { Forbidden, Intended, Interlock, Why } from './interlock.ts'
import { liveSection } from './live-section.ts'
import { localControl } from './local-control.ts'
import { noLoadSwitch } from './no-load-switch.ts'
import { nonPayment } from './non-payment.ts'
import { paralleling } from './paralleling.ts'
import { positionUnknown } from './position-unknown.ts'
import { protectedUnit } from './protected-unit.ts'
import { ratedPower } from './rated-power.ts'
import { reclosing } from './reclosing.ts'
import type { Surroundings } from './surroundings.ts'
import { tagged } from './tagged.ts'
import { unclearedTrip } from './uncleared-trip.ts'
import { unknownPlace } from './unknown-place.ts'

/** All that forbid commands: what hangs on a person's life first. */
export const interlocks: readonly Interlock[] = [
  ...[tagged, earthed, liveSection, unclearedTrip, paralleling, reclosing],
  ...[noLoadSwitch, localControl, positionUnknown, unknownPlace],
  ...[protectedUnit, nonPayment, ratedPower],
]

/**
 * Why a command is forbidden as things stand: all that stands in the way; empty: nothing does. An interlock that cannot judge
 * forbids: the command is not sent, and those that are judged with it do not wait for it.
 */
export const forbiddenBy = (intended: Intended, surroundings: Surroundings): Forbidden[] =>
  interlocks.flatMap(({ name, forbids }) =>
    reasonsOf(forbids, intended, surroundings).map((text) => ({ interlock: name, text })),
  )

function reasonsOf(forbids: Interlock['forbids'], intended: Intended, surroundings: Surroundings): readonly Why[] {
  try {
    return forbids(intended, surroundings)
  } catch (error) {
    const fault = (error as Error).message
    return [{ en: `cannot be judged: ${fault}`, pt: `não pode ser avaliado: ${fault}` }]
  }
}
