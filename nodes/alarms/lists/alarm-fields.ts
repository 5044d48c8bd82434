import { Type } from '@sinclair/typebox'
import { roles } from '../../../platform/access/roles.ts'
import type { CsvColumn } from '../../../platform/http/csv.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { Instant, instantOrNull, Name, Nullable, OneOf, roundedOrNull } from '../../../platform/http/fields.ts'
import { conditionWords } from '../../../platform/wire/condition-text.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { alarmStates, priorities, type StateLetter } from '../domain/alarm.ts'
import type { AlarmDefinition, MasterTable } from '../domain/definition.ts'
import { respondBy } from '../domain/respond-by.ts'
import type { ListedAlarm } from './alarm-repository.ts'

export const tag = 'alarms'
export const stateLetters = Object.keys(alarmStates) as StateLetter[]

const Words = Type.Object({ en: Type.String(), pt: Type.String() })
export const AlarmId = Type.Integer({
  description: 'Number of the alarm: the same for as long as it is about the same',
})
export const Occurrence = Type.Integer({
  description: 'How often attention was asked for; an acknowledgement names it. 0: never',
})
export const Text = Type.Object(
  { ...Words.properties, message: Type.String(), parameters: Type.Record(Type.String(), Type.Unknown()) },
  { description: 'What the condition says' },
)

/** What tells an alarm from others. */
export const about = {
  alarmId: AlarmId,
  area: Name('Who says the condition', 'telemetry'),
  kind: Name('What it is about', 'device-silent'),
  subject: Name('At what', 'meter-001'),
  feederId: Nullable(Name('Feeder that it is on', 'feeder-01')),
  unitId: Nullable(Name('Consumer unit that it is of', 'unit-001')),
  deviceId: Nullable(Name('Device that it is of', 'meter-001')),
}

const fields = {
  ...about,
  state: OneOf(stateLetters, 'Letter of ISA-18.2'),
  stateName: OneOf(Object.values(alarmStates), 'Its name'),
  priority: OneOf(priorities, 'By the master alarm table, or by the condition'),
  active: Type.Boolean({ description: 'The condition holds' }),
  acknowledged: Type.Boolean(),
  latched: Type.Boolean({ description: 'It stands until it is reset' }),
  shelvedUntil: Nullable(Instant('When it comes back from the shelf')),
  suppressedBy: Nullable(Type.String({ description: 'Logic that hides it by design' })),
  rootAlarmId: Nullable(Type.Integer({ description: 'The alarm that explains it' })),
  outOfService: Type.Boolean(),
  occurrence: Occurrence,
  activeSince: Nullable(Instant('Since when the condition holds')),
  annunciatedAt: Nullable(Instant('When the operator was last told')),
  escalatedTo: Nullable(
    OneOf(
      roles,
      'Role that answers for it too, since nobody has acknowledged in time: that of the last step; else null',
    ),
  ),
  changedAt: Nullable(Instant('Of its last transition')),
  respondBy: Nullable(Instant('Until when the operator has to respond; null where nothing is to be done')),
  timeLeftMs: Nullable(Type.Integer({ description: 'Until then, milliseconds; below 0: it is late' })),
  value: Nullable(Type.Number({ description: 'What was found, in `unit`' })),
  limit: Nullable(Type.Number({ description: 'What it is held against, in `unit`' })),
  unit: Nullable(Type.String({ description: 'Of value and limit' })),
  members: Type.Integer({ description: 'Alarms that it explains: they are hidden behind it' }),
}

const advice = {
  className: Type.String({ description: 'Alarms that are treated alike' }),
  cause: Words,
  consequence: Words,
  operatorAction: Words,
  timeToRespondMs: Type.Integer({ description: 'Milliseconds from when the operator is told' }),
}

export const AlarmSchema = Type.Object(
  {
    ...fields,
    text: Text,
    definition: Type.Object(advice, { description: 'What the master alarm table says of it' }),
  },
  { $id: 'Alarm' },
)

/** The texts of a row, a column a language. */
export const textColumns: readonly CsvColumn[] = (['en', 'pt'] as const).map((language) => ({
  name: `text_${language}`,
  kind: 'text',
  value: (row: { text: Record<'en' | 'pt', string> }) => row.text[language],
}))

export const alarmColumns: readonly CsvColumn[] = [
  ...csvColumnsOf(Type.Object(fields)),
  ...textColumns,
  ...(['cause', 'consequence', 'operatorAction'] as const).flatMap((name) =>
    (['en', 'pt'] as const).map((language) => ({
      name: `${name}_${language}`,
      kind: 'text' as const,
      value: ({ definition }: { definition: AlarmDefinition }) => definition[name][language],
    })),
  ),
]

/** What a condition says, in the languages of the house. @param timeZone  IANA zone of instants in it */
export const shownText = (text: Condition['text'], timeZone: string) => ({
  ...conditionWords({ text }, timeZone),
  ...text,
})

/** What a list of alarms needs beside its rows. */
export interface Showing {
  readonly table: MasterTable
  /** IANA zone. */
  readonly timeZone: string
  /** UTC milliseconds. */
  readonly now: number
}

/** An alarm as it goes out. */
export function shownAlarm(alarm: ListedAlarm, { table, timeZone, now }: Showing) {
  const { key: _key, changed: _changed, text, value, limit, ...rest } = alarm
  const definition = table.definitionOf(alarm)
  const due = respondBy(alarm, definition.timeToRespondMs)
  const { className, cause, consequence, operatorAction, timeToRespondMs } = definition
  return {
    ...rest,
    stateName: alarmStates[alarm.state],
    ...{ value: roundedOrNull(value), limit: roundedOrNull(limit) },
    shelvedUntil: instantOrNull(alarm.shelvedUntil),
    activeSince: instantOrNull(alarm.activeSince),
    annunciatedAt: instantOrNull(alarm.annunciatedAt),
    changedAt: instantOrNull(alarm.changedAt),
    respondBy: instantOrNull(due),
    timeLeftMs: due === null ? null : due - now,
    text: shownText(text, timeZone),
    definition: { className, cause, consequence, operatorAction, timeToRespondMs },
  }
}
