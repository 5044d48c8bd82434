import { Type, type Static } from '@sinclair/typebox'
import { Nullable, OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { alarmActions } from './action.ts'
import { alarmStates, type StateLetter } from '../domain/alarm.ts'
import type { Outcome } from './act.ts'

/** Alarms that one request may name. */
export const mostAlarms = 1_000
/** Alarms that one root cause may explain, for a request to act on all of them. */
export const mostMembers = 10_000
export const mostMinutes = 366 * 24 * 60

export const alarmId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The alarm' })
export const occurrence = Type.Integer({
  ...{ minimum: 0, maximum: 2_147_483_647, examples: [1] },
  description: 'Which occurrence is meant: the one that was seen. Where another one stands, it is refused',
})
export const reason = Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S', description: 'Why', examples: ['Crew is on its way'] }) // prettier-ignore
export const shelvingEnd = {
  until: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Until when; never longer than the class of the alarm lets it be',
    }),
  ),
  minutes: Type.Optional(
    Type.Integer({ minimum: 1, maximum: mostMinutes, description: 'For how long, in the stead of `until`' }),
  ),
}

/**
 * Until when something is to be shelved, UTC milliseconds; null: nothing is said of it.
 * @param now  by the platform's clock
 * @throws Problem 400 where it is said twice
 */
export function endOfShelving({ until, minutes }: Static<typeof End>, now: number): number | null {
  if (until !== undefined && minutes !== undefined) throw badField('body.minutes', minutes, 'must not come with until')
  if (until !== undefined) return parseInstant(until)!
  return minutes === undefined ? null : now + minutes * 60_000
}
const End = Type.Object(shelvingEnd)

const letters = Object.keys(alarmStates) as StateLetter[]

/** What an attempt came to. */
export const OutcomeSchema = Type.Object(
  {
    alarmId: Type.Integer(),
    action: OneOf(alarmActions, 'What was tried'),
    outcome: OneOf(['done', 'refused'], 'What it came to'),
    code: Nullable(Type.String({ description: 'Why it was refused, for programs; null: it is done' })),
    problem: Nullable(Type.String({ description: 'Why it was refused, for people' })),
    state: Nullable(OneOf(letters, 'The state of the alarm now, as ISA-18.2 letters it; null: it was not looked at')),
    occurrence: Nullable(Type.Integer({ description: 'The occurrence that stands' })),
  },
  { $id: 'AlarmActionOutcome' },
)

export const shownOutcome = ({ alarmId: id, action, outcome, code, problem, state, occurrence: stands }: Outcome) => ({
  ...{ alarmId: id, action, outcome, code, problem, state, occurrence: stands },
})
