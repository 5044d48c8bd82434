import type { StateLetter } from './alarm.ts'

/**
 * Until when an operator has to respond: counted from when they were last told, as long as the condition holds and nothing hides it.
 * @param timeToRespondMs  of the master alarm table
 * @returns UTC milliseconds; null where nothing is to be done
 */
export const respondBy = (
  { state, annunciatedAt }: { readonly state: StateLetter; readonly annunciatedAt: number | null },
  timeToRespondMs: number,
): number | null =>
  annunciatedAt !== null && (state === 'B' || state === 'C') ? annunciatedAt + timeToRespondMs : null
