import { Type, type Static } from '@sinclair/typebox'
import { roles, type Role } from '../../../platform/access/roles.ts'
import { IdentifierParameter, InstantParameter, OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { alarmStates, priorities, type Priority, type StateLetter } from '../domain/alarm.ts'
import type { Scope } from '../domain/responsibility.ts'

/** What alarms are wanted about: what is undefined says nothing. */
export interface AboutFilter {
  readonly area?: string | undefined
  readonly kind?: string | undefined
  /** With all feeders below it. */
  readonly feederId?: string | undefined
  readonly unitId?: string | undefined
  readonly deviceId?: string | undefined
  /** Part of the subject. */
  readonly subject?: string | undefined
  /** What somebody answers for. */
  readonly scope: Scope
}

/** Which alarms are wanted, as they stand: what is undefined says nothing. Instants are UTC milliseconds. */
export interface AlarmFilter extends AboutFilter {
  readonly states?: readonly StateLetter[] | undefined
  /** This one or a higher one. */
  readonly priority?: Priority | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly active?: boolean | undefined
  readonly unacknowledged?: boolean | undefined
  readonly hidden?: boolean | undefined
  readonly shelved?: boolean | undefined
  readonly suppressed?: boolean | undefined
  readonly outOfService?: boolean | undefined
  readonly escalated?: boolean | undefined
  readonly escalatedTo?: Role | undefined
  readonly rootAlarmId?: number | undefined
  /** Without those that others explain. */
  readonly grouped: boolean
}

const letters = Object.keys(alarmStates) as StateLetter[]
const stateWords = [...letters, ...Object.values(alarmStates)]

/** Query parameters by which alarms are told apart by what they are about, now as well as in history. */
export const aboutQuery = {
  area: Type.Optional(IdentifierParameter('Of conditions of this area', 'telemetry')),
  kind: Type.Optional(IdentifierParameter('Of this kind of condition', 'device-silent')),
  feederId: Type.Optional(IdentifierParameter('On this feeder or one below it', 'feeder-01')),
  unitId: Type.Optional(IdentifierParameter('Of this consumer unit', 'unit-001')),
  deviceId: Type.Optional(IdentifierParameter('Of this device', 'meter-001')),
  subject: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'With this in the subject, in capitals or not' }),
  ),
}

/** Query parameters of a list of alarms that stand. */
export const alarmQuery = {
  states: Type.Optional(
    Type.Array(OneOf(stateWords, 'Letter or name of ISA-18.2'), {
      minItems: 1,
      maxItems: stateWords.length,
      description: 'In one of these states; unless given all but A, normal',
    }),
  ),
  priority: Type.Optional(OneOf(priorities, 'This priority or a higher one')),
  ...aboutQuery,
  since: Type.Optional(InstantParameter('Whose last transition is of this instant or later')),
  until: Type.Optional(InstantParameter('Whose last transition is earlier than this')),
  active: Type.Optional(Type.Boolean({ description: 'Whose condition holds; false: does not hold any more' })),
  unacknowledged: Type.Optional(Type.Boolean({ description: 'That wait for an acknowledgement; false: that do not' })),
  hidden: Type.Optional(
    Type.Boolean({ description: 'Shelved, suppressed or out of service (states G, H, I); false: none of these' }),
  ),
  shelved: Type.Optional(Type.Boolean({ description: 'That somebody has shelved; false: the others' })),
  suppressed: Type.Optional(
    Type.Boolean({ description: 'That logic hides by design, or another alarm explains; false: the others' }),
  ),
  outOfService: Type.Optional(Type.Boolean({ description: 'That are out of service; false: the others' })),
  escalated: Type.Optional(
    Type.Boolean({ description: 'That nobody has acknowledged in time and other roles answer for; false: the others' }),
  ),
  escalatedTo: Type.Optional(OneOf(roles, 'That have escalated to this role, and since to another one or not')),
  rootAlarmId: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e15, description: 'That this alarm explains' })),
  grouped: Type.Optional(
    Type.Boolean({
      description:
        'Without those that another alarm explains: that one counts them. True unless asked for `rootAlarmId`, `unitId`, `deviceId` or `subject`',
    }),
  ),
}

const AlarmQuery = Type.Object(alarmQuery)

/** @throws Problem 400 where since is after until */
export function alarmFilterOf(query: Static<typeof AlarmQuery>, scope: Scope): AlarmFilter {
  const { states, since, until, rootAlarmId, unitId, deviceId, subject } = query
  if (since !== undefined && until !== undefined && since > until)
    throw badField('query.since', new Date(since).toISOString(), 'must not be after until')
  const asksForMembers = [rootAlarmId, unitId, deviceId, subject].some((asked) => asked !== undefined)
  return { ...query, states: states?.map(letterOf), grouped: query.grouped ?? !asksForMembers, scope }
}

const letterOf = (word: string): StateLetter =>
  letters.find((letter) => letter === word || alarmStates[letter] === word)!

/** The feeder of $3 and those below it, for a `with recursive`. */
export const downstream = `downstream as (
    select $3::text as feeder_id
    union
    select f.feeder_id from feeder f join downstream d on f.parent_feeder_id = d.feeder_id
  )`

const isOf = `($1::text is null or a.area = $1) and ($2::text is null or a.kind = $2)
  and ($3::text is null or a.feeder_id in (select feeder_id from downstream))
  and ($4::text is null or a.unit_id = $4) and ($5::text is null or a.device_id = $5)
  and ($6::text is null or strpos(lower(a.subject), lower($6)) > 0)`

/** Whether an alarm `a` is about what is asked for: $1 to $7. What is not asked for is gone before the query is planned. */
export const isAbout = `${isOf} and answers_for($7::text[], a.feeder_id, a.area)`

/** $1 to $7 of a filter. */
export const aboutValues = (filter: AboutFilter): unknown[] => [
  ...[filter.area ?? null, filter.kind ?? null, filter.feederId ?? null, filter.unitId ?? null],
  ...[filter.deviceId ?? null, filter.subject ?? null, filter.scope === null ? null : [...filter.scope]],
]

/** Whether an alarm `a` fits, as it stands: $1 to $22. */
export const fits = `${isOf} and answers_for($7::text[], a.feeder_id, a.area, a.escalated_to)
  and ($8::text[] is null or a.state::text = any ($8)) and ($9::boolean or a.state <> 'A')
  and ($10::alarm_priority is null or a.priority >= $10)
  and ($11::float8 is null or a.changed_at >= to_timestamp($11::float8 / 1000))
  and ($12::float8 is null or a.changed_at < to_timestamp($12::float8 / 1000))
  and ($13::boolean is null or a.active = $13)
  and ($14::boolean is null or (a.state in ('B', 'D', 'E')) = $14)
  and ($15::boolean is null or (a.state in ('G', 'H', 'I')) = $15)
  and ($16::boolean is null or (a.shelved_until is not null) = $16)
  and ($17::boolean is null or (a.suppressed_by is not null or a.active and a.root_alarm_id is not null) = $17)
  and ($18::boolean is null or a.out_of_service = $18)
  and ($19::bigint is null or a.active and a.root_alarm_id = $19)
  and not ($20::boolean and a.active and a.root_alarm_id is not null)
  and ($21::boolean is null or (a.escalated_to <> '{}') = $21) and ($22::text is null or $22 = any (a.escalated_to))`

/** $1 to $22 of a filter. */
export const filterValues = (filter: AlarmFilter): unknown[] => [
  ...[...aboutValues(filter), filter.states ?? null, filter.states?.includes('A') ?? false, filter.priority ?? null],
  ...[filter.since ?? null, filter.until ?? null, filter.active ?? null, filter.unacknowledged ?? null],
  ...[filter.hidden ?? null, filter.shelved ?? null, filter.suppressed ?? null, filter.outOfService ?? null],
  ...[filter.rootAlarmId ?? null, filter.grouped, filter.escalated ?? null, filter.escalatedTo ?? null],
]
