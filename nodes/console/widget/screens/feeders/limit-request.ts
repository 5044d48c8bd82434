import type { Direction, Line, StandingLimit } from './answers.ts'

/** A limit as somebody fills it in; texts as typed. */
export interface LimitForm {
  readonly value: string
  readonly unit: StandingLimit['unit']
  readonly line: Line
  readonly direction: Direction
  /** Minutes; `lasting`: until somebody takes it back. */
  readonly duration: string
  readonly reason: string
}

/** Durations that are offered, min. */
export const limitDurations = [15, 30, 60, 120, 240, 480, 1_440, 10_080] as const

/** Most that the API takes. */
const mostKw = 1_000_000
const temporaryMs = 7 * 86_400_000

export type LimitFault = 'value' | 'reason'

/** A number as typed, with a comma or a point; undefined: it is none. */
export function typedNumber(text: string): number | undefined {
  const plain = text.trim().replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
}

/** What to send to the API, or which fields are not filled in as it takes them. */
export function limitRequest(form: LimitForm): { readonly body: object } | { readonly faults: readonly LimitFault[] } {
  const value = typedNumber(form.value)
  const reason = form.reason.trim()
  const faults: LimitFault[] = []
  if (value === undefined || value < 0 || value > mostKw) faults.push('value')
  if (reason === '' || reason.length > 500) faults.push('reason')
  if (faults.length > 0) return { faults }
  const { unit, line, direction, duration } = form
  const lasts = duration === 'lasting'
  return { body: { value, unit, line, direction, reason, ...(!lasts && { durationMinutes: Number(duration) }) } }
}

/**
 * The right that taking a limit back takes: the one that setting it took. What ends within seven days and is in no schedule
 * takes `operate`.
 */
export function rightFor({
  validFrom,
  validUntil,
  schedule,
}: Pick<StandingLimit, 'validFrom' | 'validUntil' | 'schedule'>): 'operate' | 'configure-feeders' {
  const isTemporary =
    schedule === null && validUntil !== null && Date.parse(validUntil) - Date.parse(validFrom) <= temporaryMs
  return isTemporary ? 'operate' : 'configure-feeders'
}
