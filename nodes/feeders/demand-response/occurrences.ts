import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { civilTimesIn } from '../../../platform/clock/civil-time.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Action } from '../domain/demand-response/call.ts'
import { nextOpening, occurrenceAt, type Civil } from '../domain/demand-response/program-window.ts'
import { insertEvent } from './event-repository.ts'
import { callingPrograms, type ProgramContent, type StoredProgram } from './program-repository.ts'

/** Programs that may call by themselves: beyond that they are refused. */
export const mostPrograms = 1_000

/** Who entered what programs have called for. */
const occurrenceSource = 'program'

const minuteMs = 60_000
const civils = new Map<string, Civil>()

/** Days and clocks of a zone, which are worked out once. */
export function civilOf(timeZone: string): Civil {
  let civil = civils.get(timeZone)
  if (!civil) civils.set(timeZone, (civil = { ...civilDaysIn(timeZone), ...civilTimesIn(timeZone) }))
  return civil
}

/**
 * What a program asks for.
 * @param referenceBrlPerKwh  what a kWh costs otherwise: without a price of its own, whoever consumes forgoes the incentive too
 */
export function programAction(program: ProgramContent, referenceBrlPerKwh: number): Action {
  const { mode, targetShedKw } = program
  if (mode === 'limit') return { mode, direction: program.direction, limitKw: program.limitKw!, targetShedKw }
  if (mode === 'shed') return { mode, targetShedKw: targetShedKw! }
  const priceBrlPerKwh = program.priceBrlPerKwh ?? Math.max(0, referenceBrlPerKwh + program.incentiveBrlPerKwh)
  return { mode, priceBrlPerKwh, elasticity: program.elasticity, targetShedKw }
}

/**
 * Enters the windows of programs that are open as events, each once, whoever looks first. One that was changed while its window was
 * open calls anew from then on.
 * @param at  UTC milliseconds of the platform's clock
 * @returns the next instant at which a window opens; null: none within a week
 */
export async function enterOccurrences(
  queries: Queries,
  at: number,
  referenceBrlPerKwh: number,
): Promise<number | null> {
  let next = Infinity
  for (const program of await callingPrograms(queries, mostPrograms)) {
    const civil = civilOf(program.timeZone)
    const open = occurrenceAt(program.window!, at, civil)
    if (open) await enterOccurrence(queries, program, open, at, referenceBrlPerKwh)
    next = Math.min(next, nextOpening(program.window!, at, civil) ?? Infinity)
  }
  return next === Infinity ? null : next
}

async function enterOccurrence(
  queries: Queries,
  program: StoredProgram,
  { startsAt: opensAt, endsAt }: { readonly startsAt: number; readonly endsAt: number },
  at: number,
  referenceBrlPerKwh: number,
): Promise<void> {
  const startsAt = Math.max(opensAt, program.changedAt)
  if (startsAt > at) return
  const { programId, version, feederId, mode, snapbackMinutes, requestHash } = program
  const externalId = `${programId}/${version}/${new Date(opensAt).toISOString()}`
  const action = programAction(program, referenceBrlPerKwh)
  await insertEvent(queries, {
    ...{ programId, type: mode, feederId, action, startsAt, endsAt, snapbackMs: snapbackMinutes * minuteMs },
    ...{ source: occurrenceSource, externalId, requestHash, enteredBy: program.changedBy, enteredAt: at },
  })
}
