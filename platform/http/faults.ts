import { randomUUID } from 'node:crypto'
import { DatabaseError } from 'pg'
import { asError } from '../node/message-of.ts'
import { DatabaseUnavailable, isRefusal } from '../storage/database.ts'
import { Problem, titleOf } from './problem.ts'

const longestEntry = 4_000

/**
 * What a caller hears of whatever was thrown. What nobody foresaw goes to the log under a reference, and the caller gets
 * the reference only.
 * @param operation  what was asked for, as `GET /api/devices/{deviceId}`: no value of a caller's
 */
export function problemOf(thrown: unknown, operation: string, report: (entry: string) => void): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof DatabaseUnavailable || isCanceled(thrown))
    return new Problem(503, titleOf(503), {
      detail: 'the database is away: try again',
      headers: { 'Retry-After': '5' },
    })
  const reference = randomUUID()
  report(entryOf(asError(thrown), operation, reference))
  if (isRefusal(thrown)) return refusal(thrown as DatabaseError, reference)
  return new Problem(500, titleOf(500), { detail: `unexpected: our log tells more under ${reference}`, reference })
}

/** It should have been found out before the database was asked, and is in the log for that reason. */
function refusal({ code = '' }: DatabaseError, reference: string): Problem {
  const isConflict = code === '23505' || code === '23503' || code === '23P01'
  return isConflict
    ? new Problem(409, titleOf(409), { detail: 'it stands against what is there already', reference })
    : new Problem(400, titleOf(400), { detail: 'a value is none that can be stored', reference })
}

/** The statement took longer than it may. */
const isCanceled = (thrown: unknown): boolean => thrown instanceof DatabaseError && thrown.code === '57014'

const entryOf = (error: Error, operation: string, reference: string): string =>
  `${reference} ${operation}: ${error.stack ?? error.message}`.slice(0, longestEntry).replaceAll(/\s*\n\s*/g, ' | ')
