import { priorities, type Priority, type StateLetter, type TransitionKind } from './alarm.ts'

/** What there is to tell of an alarm. */
export const notices = ['raised', 'escalated', 'updated', 'cleared'] as const
export type Notice = (typeof notices)[number]

/** Which alarms a channel tells of, and what. */
export interface ChannelFilter {
  readonly leastPriority: Priority
  /** Conditions' areas, feeders: of these only; empty: of all. */
  readonly areas: readonly string[]
  readonly feeders: readonly string[]
  /** Every escalation; those whose class names the channel come in any case. */
  readonly tells: readonly Exclude<Notice, 'updated'>[]
}

/** A step of an alarm's life, as far as it decides who is told. */
export interface NotifiableStep {
  readonly transition: TransitionKind
  readonly to: StateLetter
  readonly priority: Priority
  readonly area: string
  readonly feederId: string | null
}

const raising: ReadonlySet<TransitionKind> = new Set([
  ...(['activated', 're-alarmed', 'raised'] as const),
  ...(['unshelved', 'shelving-ended', 'unsuppressed', 'unexplained', 'returned-to-service'] as const),
])
const clearing: ReadonlySet<TransitionKind> = new Set([
  ...(['returned', 'reset'] as const),
  ...(['unshelved', 'shelving-ended', 'unsuppressed', 'unexplained', 'returned-to-service'] as const),
])

/**
 * What a step is to people who are told: attention is asked for anew, nobody has acknowledged for too long, or it is over. What is
 * hidden (shelved, suppressed, out of service, explained by another) is nothing to them.
 */
export function noticeOf({ transition, to }: Pick<NotifiableStep, 'transition' | 'to'>): Notice | null {
  if (to === 'B' && raising.has(transition)) return 'raised'
  if (to === 'B' && transition === 'escalated') return 'escalated'
  if ((to === 'A' || to === 'D') && clearing.has(transition)) return 'cleared'
  return null
}

/**
 * Whether a channel tells of a step.
 * @param named  the channel that its class names for this step of escalation, null: none
 */
export function tells(filter: ChannelFilter, channel: string, step: NotifiableStep, named: string | null): boolean {
  const notice = noticeOf(step)
  if (notice === null || notice === 'updated') return false
  // What was told is what is cleared, whatever the priority has become.
  if (notice === 'cleared') return filter.tells.includes('cleared')
  if (notice === 'escalated' && named === channel) return true
  return filter.tells.includes(notice) && isOf(filter, step)
}

const isOf = ({ leastPriority, areas, feeders }: ChannelFilter, step: NotifiableStep): boolean =>
  priorities.indexOf(step.priority) >= priorities.indexOf(leastPriority) &&
  (areas.length === 0 || areas.includes(step.area)) &&
  (feeders.length === 0 || (step.feederId !== null && feeders.includes(step.feederId)))

/** How far the count of alarms that one explains has come: it is worth an update at ten, a hundred, a thousand and so on. */
export const growthStep = (members: number): number => (members < 10 ? 0 : String(members).length - 1)

/** What goes out next by a channel that may tell so many more now. */
export interface Outgoing {
  /** So many of those that wait, the most important ones first, each by itself. */
  readonly single: number
  /** The rest goes into one digest. */
  readonly digest: boolean
}

/** Nothing waits longer than until the channel may tell anything at all: the last it may tell is what is left, as a digest. */
export function outgoing(waiting: number, allowance: number): Outgoing {
  if (waiting <= allowance) return { single: waiting, digest: false }
  return allowance <= 0 ? { single: 0, digest: false } : { single: allowance - 1, digest: true }
}

const firstPauseMs = 5_000
const longestPauseMs = 3_600_000

/** How long after the n-th failure in a row it is tried again, ms: twice as long each time, an hour at most. */
export const pauseMs = (tries: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(Math.max(0, tries - 1), 20))
