import { lackOf, mayRole, type Right, type Role } from '../../../platform/access/roles.ts'
import { alarmStates, type AlarmEvent, type Refusal, type StateLetter } from '../domain/alarm.ts'

/** What is done with alarms, by persons and by logic of flows. */
export const alarmActions = [
  ...(['acknowledge', 'comment', 'shelve', 'unshelve', 'reset', 'take-out', 'return'] as const),
  ...(['suppress', 'unsuppress'] as const),
] as const
export type AlarmAction = (typeof alarmActions)[number]

/** What persons do: by design logic suppresses, and a person shelves. */
export const personActions = alarmActions.filter((action) => rightOf(action) !== null)

/** The right that an action takes of a person; null: no person does it. */
export function rightOf(action: AlarmAction): Right | null {
  if (action === 'suppress' || action === 'unsuppress') return null
  return action === 'take-out' || action === 'return' ? 'configure-alarms' : 'operate'
}

/** Something that somebody wants done with one alarm. */
export interface Attempt {
  readonly action: AlarmAction
  /** Its number, or the key of its condition. */
  readonly alarm: number | string
  /** Which of its occurrences is meant; null: none is named. */
  readonly occurrence: number | null
  /** Until when it is to be shelved, UTC milliseconds. */
  readonly until: number | null
  /** Why; of a comment what it says. */
  readonly reason: string | null
  /** What stands against it whatever the alarm is: of a root cause, that nothing can be done under it. */
  readonly against?: 'explains-nothing' | 'explains-too-many'
}

/** Who acts. */
export type Actor =
  | { readonly kind: 'person'; readonly username: string; readonly role: Role }
  /** A node of a flow: it does what its configuration lets it. */
  | { readonly kind: 'logic'; readonly username: string; readonly allowed: readonly AlarmAction[] }
  /** A message that says it comes from a person, and nothing proves it. */
  | { readonly kind: 'unproven'; readonly username: string }

/** Why an attempt came to nothing. */
export type ActionRefusal =
  | Refusal
  | 'unknown-alarm'
  | 'wrong-role'
  /** The alarm is in none of the areas of responsibility of whoever acts. */
  | 'foreign-area'
  /** What is meant is all that the alarm explains. */
  | 'explains-nothing'
  | 'explains-too-many'
  | 'not-for-persons'
  | 'not-for-logic'
  | 'not-proven'
  | 'reason-needed'
  | 'occurrence-needed'
  | 'end-needed'

const needReason: readonly AlarmAction[] = ['comment', 'shelve', 'take-out', 'return']
const needOccurrence: readonly AlarmAction[] = ['acknowledge', 'reset']

/** Why an attempt is refused, whatever the alarm is; undefined where the alarm decides. */
export function refusalBefore(actor: Actor, attempt: Attempt): ActionRefusal | undefined {
  const { action, occurrence, until, reason, against } = attempt
  if (actor.kind === 'unproven') return 'not-proven'
  if (actor.kind === 'logic' && !actor.allowed.includes(action)) return 'not-for-logic'
  if (actor.kind === 'person') {
    const right = rightOf(action)
    if (right === null) return 'not-for-persons'
    if (!mayRole(actor.role, right)) return 'wrong-role'
  }
  if (needReason.includes(action) && (reason ?? '').trim() === '') return 'reason-needed'
  if (needOccurrence.includes(action) && occurrence === null) return 'occurrence-needed'
  if (action === 'shelve' && until === null) return 'end-needed'
  return against
}

/**
 * What an attempt that nothing stood against before does to its alarm; null: a comment, which changes nothing of it.
 * @param by  name of the logic that suppresses
 */
export function eventOf({ action, occurrence, until }: Attempt, by: string): AlarmEvent | null {
  switch (action) {
    case 'acknowledge':
    case 'reset':
      return { type: action, occurrence: occurrence! }
    case 'comment':
      return null
    case 'shelve':
      return { type: action, until: until! }
    case 'unshelve':
    case 'take-out':
    case 'unsuppress':
      return { type: action }
    case 'return':
      return { type: 'return-to-service' }
    case 'suppress':
      return { type: action, by }
  }
}

/** What stands of an alarm, as far as a refusal speaks of it. */
export interface Stands {
  readonly state: StateLetter
  readonly occurrence: number
  readonly mostShelvedMs: number
}

const sentences: Readonly<Record<ActionRefusal, (attempt: Attempt, actor: Actor, stands: Stands | null) => string>> = {
  'unknown-alarm': ({ alarm }) => `there is no alarm ${alarm}`,
  'wrong-role': ({ action }, actor) => (actor.kind === 'person' ? lackOf(actor.role, rightOf(action)!) : 'no role'),
  'foreign-area': (_, { username }) => `it is in no area of responsibility of ${username}`,
  'explains-nothing': ({ alarm }) => `alarm ${alarm} explains no alarm`,
  'explains-too-many': ({ alarm }) => `alarm ${alarm} explains too many alarms at once: act on it, or on some of them`,
  'not-for-persons': ({ action }) => `no person may ${action}: logic does that by design, and a person shelves`,
  'not-for-logic': ({ action }, { username }) =>
    `${username} is not set to ${action}, and no person is proven to act by it`,
  'not-proven': () => 'the message names a person, and no open session of this person proves it',
  'reason-needed': ({ action }) => (action === 'comment' ? 'a comment says something' : `${action} needs a reason`),
  'occurrence-needed': ({ action }) => `${action} names the occurrence that it is about`,
  'end-needed': () => 'shelving needs an end: until when, or for how many minutes',
  'stale-occurrence': ({ occurrence }, _, stands) =>
    `occurrence ${occurrence} was named, and ${stands!.occurrence} is what stands: look at it again`,
  'nothing-to-acknowledge': ({ occurrence }) => `occurrence ${occurrence} is acknowledged, and asks for nothing`,
  'nothing-to-reset': (_, __, stands) =>
    `it is ${alarmStates[stands!.state]}: only what is latched and acknowledged is reset`,
  hidden: ({ action }, _, stands) => `it is ${alarmStates[stands!.state]}, and nobody is asked to ${action} it there`,
  'beyond-shelving-limit': ({ until }, _, stands) =>
    `until ${new Date(until!).toISOString()} is too long: its class is shelved for ${duration(stands!.mostShelvedMs)} at most`,
  'shelving-ends-in-the-past': ({ until }) => `${new Date(until!).toISOString()} has passed`,
  'not-shelved': () => 'it is not shelved',
  'not-suppressed': () => 'no logic suppresses it',
  'already-out-of-service': () => 'it is out of service already',
  'in-service': () => 'it is in service',
}

/**
 * Why an attempt was refused, for people.
 * @param stands  null where the alarm was not looked at
 */
export const problemOf = (code: ActionRefusal, attempt: Attempt, actor: Actor, stands: Stands | null): string =>
  sentences[code](attempt, actor, stands)

const hourMs = 3_600_000

const duration = (ms: number): string => (ms % hourMs === 0 ? `${ms / hourMs} h` : `${Math.floor(ms / 60_000)} min`)
