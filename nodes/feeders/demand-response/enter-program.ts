import { isTimeZone } from '../../../platform/clock/civil-day.ts'
import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import { badField, conflict } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { isFeeder } from './called-feeder-repository.ts'
import { cancelOccurrences } from './event-repository.ts'
import { mostBrlPerKwh, mostKw, type Origin } from './enter-event.ts'
import { mostPrograms } from './occurrences.ts'
import {
  countPrograms,
  insertProgram,
  lockProgram,
  programNamed,
  updateProgram,
  type ProgramContent,
} from './program-repository.ts'

export interface ProgramOutcome {
  readonly programId: number
  readonly outcome: 'entered' | 'repeated' | 'replaced'
}

/**
 * Enters a program from outside, once for each name that its source gives it; in a transaction of its own. What was open of one that
 * is replaced ends, and begins anew as the program is now.
 * @param at  UTC milliseconds of the platform's clock
 * @throws Problem 400 naming the field that is wrong (under `body.`); 409 where the name was used for something else and nothing may
 *   be replaced, or there are too many
 */
export async function enterProgram(
  queries: Queries,
  program: ProgramContent,
  { source, externalId, requestHash = hashOf(program), whenChanged }: Origin,
  username: string,
  at: number,
): Promise<ProgramOutcome> {
  const known = externalId === null ? undefined : await programNamed(queries, source, externalId)
  if (known?.requestHash === requestHash) return { programId: known.programId, outcome: 'repeated' }
  if (known && whenChanged === 'refuse')
    throw conflict(`the key ${externalId} was used for another program: ${known.programId}`)
  if (known) {
    await changeProgram(queries, known.programId, program, requestHash, username, at)
    return { programId: known.programId, outcome: 'replaced' }
  }
  await checkProgram(queries, program)
  if ((await countPrograms(queries)) >= mostPrograms) throw conflict(`there are ${mostPrograms} programs already`)
  const row = { ...program, source, externalId, requestHash, changedBy: username, changedAt: at }
  const programId = await insertProgram(queries, row)
  if (programId !== undefined) return { programId, outcome: 'entered' }
  // Somebody was faster with the same name.
  return enterProgram(queries, program, { source, externalId, requestHash, whenChanged }, username, at)
}

/**
 * Puts a program in the place of what it was, in a transaction of its own.
 * @param at  UTC milliseconds of the platform's clock
 * @returns false where there is no such program @throws Problem 400
 */
export async function changeProgram(
  queries: Queries,
  programId: number,
  program: ProgramContent,
  requestHash: string | undefined,
  username: string,
  at: number,
): Promise<boolean> {
  const known = await lockProgram(queries, programId)
  if (!known) return false
  await checkProgram(queries, program)
  const { source, externalId } = known
  const hash = requestHash ?? hashOf(program)
  await updateProgram(queries, programId, {
    ...{ ...program, source, externalId, requestHash: hash, changedBy: username, changedAt: at },
  })
  await cancelOccurrences(queries, programId, username, at)
  return true
}

/** @throws Problem 400 naming what does not fit */
async function checkProgram(queries: Queries, program: ProgramContent): Promise<void> {
  const { mode, window, limitKw, targetShedKw, priceBrlPerKwh, elasticity, incentiveBrlPerKwh, penaltyBrlPerKwh } =
    program
  const within = (field: string, value: number | null, least: number, most: number): void => {
    if (value !== null && !(value >= least && value <= most))
      throw badField(`body.${field}`, value, `must be from ${least} to ${most}`)
  }
  within('limitKw', limitKw, 0, mostKw)
  within('targetShedKw', targetShedKw, 0, mostKw)
  within('priceBrlPerKwh', priceBrlPerKwh, 0, mostBrlPerKwh)
  within('elasticity', elasticity, -10, 0)
  within('incentiveBrlPerKwh', incentiveBrlPerKwh, 0, mostBrlPerKwh)
  within('penaltyBrlPerKwh', penaltyBrlPerKwh, 0, mostBrlPerKwh)
  within('snapbackMinutes', program.snapbackMinutes, 0, 240)
  if (window !== null && mode === 'limit' && limitKw === null)
    throw badField('body.limitKw', limitKw, 'must be there: a program of mode limit that calls by itself has a limit')
  if (window !== null && mode === 'shed' && targetShedKw === null)
    throw badField('body.targetShedKw', targetShedKw, 'must be there: a program of mode shed has a target')
  if (!isTimeZone(program.timeZone)) throw badField('body.timeZone', program.timeZone, 'must be an IANA time zone')
  if (window !== null) {
    const { fromMinute, untilMinute, validFrom, validUntil } = window
    within('window.from', fromMinute, 0, 1_439)
    within('window.to', untilMinute, 1, 1_440)
    if (fromMinute === untilMinute)
      throw badField('body.window.to', untilMinute, 'must not be the minute at which it begins')
    if (validFrom !== null && validUntil !== null && validFrom > validUntil)
      throw badField('body.window.validFrom', validFrom, `must not be after validUntil, ${validUntil}`)
  }
  if (program.feederId !== null && !(await isFeeder(queries, program.feederId)))
    throw badField('body.feederId', program.feederId, 'must be a feeder that is known')
}

const hashOf = (program: ProgramContent): string =>
  sha256Of(
    canonicalJson({ ...program, window: program.window && { ...program.window, days: [...program.window.days] } }),
  )
