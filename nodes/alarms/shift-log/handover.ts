/** What stood open when a shift was handed over. */
export interface ShiftSummary {
  /** Alarms that stand and that no other one explains, and those of them that nobody has acknowledged. */
  readonly alarmsStanding: number
  readonly alarmsUnacknowledged: number
  /** Commands of which nobody knows whether they took effect. */
  readonly commandsInDoubt: number
  readonly interruptionsOpen: number
  /** Consumer units without supply. */
  readonly unitsOut: number
}

/** What matters of a handover to whoever is to sign it. */
export interface ProposedHandover {
  /** UTC milliseconds. */
  readonly proposedAt: number
  /** The outgoing operator. */
  readonly username: string
  readonly isSigned: boolean
  /** A newer one of the same responsibility has been proposed. */
  readonly isSuperseded: boolean
}

export const handoverStates = ['open', 'signed', 'superseded', 'lapsed'] as const
export type HandoverState = (typeof handoverStates)[number]

/** What was found then says too little of the grid as it is now: a shift later nobody takes over on its word. */
export const lapsesAfterMs = 12 * 3_600_000

/** @param now UTC milliseconds, by the wall */
export function handoverState({ proposedAt, isSigned, isSuperseded }: ProposedHandover, now: number): HandoverState {
  if (isSigned) return 'signed'
  if (isSuperseded) return 'superseded'
  return now - proposedAt >= lapsesAfterMs ? 'lapsed' : 'open'
}

/** Why somebody cannot sign a handover, in a sentence that says what to do; undefined if that can be done. */
export function refusalToSign(handover: ProposedHandover, username: string, now: number): string | undefined {
  const state = handoverState(handover, now)
  if (state === 'signed') return 'it is signed already'
  if (state === 'superseded') return 'a newer handover was proposed: sign that one'
  if (state === 'lapsed') return 'it was proposed more than 12 hours ago: have it proposed again'
  if (handover.username.toLowerCase() === username.toLowerCase())
    return 'the incoming operator signs, with a login of their own: not the one who hands over'
  return undefined
}
