import { badField } from '../http/problem.ts'
import { parseInstant } from '../wire/instant.ts'

/** What stands for the beginning of a period that always was, in its name. */
export const always = 'always'

/** A bound as a request gives it, within what the registry takes; null where it gives none. @throws Problem 400 */
export function givenInstant(field: string, written: string | null | undefined): number | null {
  if (written == null) return null
  const instant = parseInstant(written)!
  if (instant < Date.UTC(1900) || instant >= Date.UTC(2200))
    throw badField(`body.${field}`, written, 'must be between the years 1900 and 2200')
  return instant
}
