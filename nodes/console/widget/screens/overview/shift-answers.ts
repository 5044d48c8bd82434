/** An entry of the shift log, as the API gives it. */
export interface ShiftEntry {
  readonly entryId: number
  readonly at: string
  readonly responsibility: string | null
  readonly text: string
  readonly corrects: number | null
  readonly correctedBy: readonly number[]
  readonly username: string
}

interface Signature {
  readonly at: string
  readonly username: string
  readonly note: string | null
}

/** A shift that is handed over, as the API gives it. */
export interface ShiftHandover {
  readonly handoverId: number
  readonly state: 'open' | 'signed' | 'superseded' | 'lapsed'
  readonly responsibility: string | null
  readonly summary: {
    readonly alarmsStanding: number
    readonly alarmsUnacknowledged: number
    readonly commandsInDoubt: number
    readonly interruptionsOpen: number
    readonly unitsOut: number
  }
  readonly outgoing: Signature
  readonly incoming: Signature | null
}

/** Whether this user may sign it: whoever hands over does not take over. The server decides again. */
export const maySign = ({ state, outgoing }: ShiftHandover, username: string | undefined): boolean =>
  state === 'open' && username !== undefined && outgoing.username.toLowerCase() !== username.toLowerCase()

/** A text that was left empty says nothing. */
export const textOrNull = (text: string): string | null => text.trim() || null
