import { Type, type Static } from '@sinclair/typebox'
import { Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { priorities } from '../domain/alarm.ts'
import type { AlarmClass, AlarmDefinition, EscalationStep } from '../domain/definition.ts'
import { longestText } from '../domain/table-faults.ts'
import { differencesOf, shippedClass, shippedDefinition } from '../domain/table-overrides.ts'
import { scopeKey } from '../domain/master-table.ts'
import type { StoredTable } from './stored-table.ts'
import type { Stored, TableVersion } from './table-repository.ts'

const words = (description: string) => {
  const text = Type.String({ minLength: 1, maxLength: longestText })
  return Type.Object({ en: text, pt: text }, { description })
}
const durationMs = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, ms, whole seconds` })
const part = (description: string) => Nullable(Type.String({ maxLength: 64, description: `${description}; null: any` }))

const Scope = Type.Object(
  {
    area: part('Area of conditions'),
    kind: part('Kind, as its area names it'),
    feederId: part('Feeder'),
    subject: part('What the condition is about: a unit, a device'),
  },
  { description: 'What it is about; the entry that says most holds: subject, then feeder, then kind, then area' },
)

/** What an entry says, beside what it is about. */
export const Definition = Type.Object(
  {
    enabled: Type.Boolean({ description: 'False: recorded, and never annunciated (suppressed by design)' }),
    className: Type.String({ maxLength: 64, description: 'Class' }),
    priority: Nullable(OneOf(priorities, 'Null: what the condition says')),
    cause: words('Why it comes'),
    consequence: words('What it leads to if nobody does anything'),
    operatorAction: words('What to do'),
    timeToRespondMs: durationMs('Time there is for it'),
    setPoint: Nullable(Type.Number({ description: 'In the unit of the condition; null: where it is found decides' })),
    deadband: Nullable(Type.Number({ description: 'In the unit of the condition; null: where it is found decides' })),
    onDelayMs: durationMs('So long the condition must hold'),
    offDelayMs: durationMs('So long it must be gone'),
    latching: Nullable(Type.Boolean({ description: 'Stands until it is reset; null: the class decides' })),
    reAlarmMs: Nullable(durationMs('Asks again after; null: the class decides')),
    explainedBy: Type.Array(Type.String({ maxLength: 130 }), {
      description: 'Conditions that explain it where they hold, as area/kind: it is hidden then, and counted there',
    }),
  },
  { $id: 'AlarmDefinition' },
)
export type GivenDefinition = Static<typeof Definition>

const Override = Type.Object(
  {
    version: Type.Integer({ description: 'Version that said it' }),
    reason: Type.String({ description: 'Why' }),
    changedBy: Type.String(),
    changedAt: Instant("When, by the wall's clock"),
  },
  { description: 'Who said so; null: as shipped' },
)
const origin = {
  shipped: Type.Boolean({ description: 'One of this key is shipped' }),
  override: Nullable(Override),
}

export const Entry = Type.Object(
  {
    entryId: Type.String({ description: 'area~kind~feeder~subject, * for any', examples: ['voltage~drp-budget~*~*'] }),
    scope: Scope,
    ...Definition.properties,
    rule: Type.Boolean({
      description: 'An alarm node has a rule of this name: what it says holds unless it is overridden',
    }),
    ...origin,
  },
  { $id: 'AlarmTableEntry' },
)

const Step = Type.Object({
  afterMs: durationMs('Unacknowledged for so long'),
  role: Nullable(Type.String({ maxLength: 20, description: 'Role that answers for it from then on; null: as before' })),
  channel: Nullable(Type.String({ maxLength: 64, description: 'Channel of a notify node; null: none' })),
})

/** What a class says, beside its name. */
export const ClassContent = Type.Object({
  reason: words('Why it is a class of its own'),
  mostShelvedMs: durationMs('Longest that its alarms may be shelved'),
  latching: Type.Boolean({ description: 'Its alarms stand until they are reset' }),
  reAlarmMs: Nullable(durationMs('What is acknowledged and stands asks again after; null: never')),
  escalation: Type.Array(Step, { description: 'Whom else to tell when nobody acknowledges, by time' }),
})

export const Class = Type.Object(
  { name: Type.String({ examples: ['quality'] }), ...ClassContent.properties, ...origin },
  { $id: 'AlarmClass' },
)

export const Difference = Type.Object(
  {
    of: OneOf(['entry', 'class'], 'What changed'),
    key: Type.String({ description: 'Its entryId or name' }),
    change: OneOf(['added', 'changed', 'removed'], 'What became of it, in the table that holds'),
    fields: Type.Array(
      Type.Object({
        field: Type.String({ description: 'As cause.pt' }),
        before: Type.Unknown({ description: 'Null also where it was not there' }),
        after: Type.Unknown(),
      }),
      { description: 'Empty where what stands there was said anew, or taken back, as it was' },
    ),
  },
  { $id: 'AlarmTableDifference' },
)

const overrideOf = (said: TableVersion | undefined): Static<typeof Override> | null =>
  said
    ? {
        ...{ version: said.version, reason: said.reason, changedBy: said.changedBy },
        changedAt: new Date(said.changedAt).toISOString(),
      }
    : null

const definitionOf = (definition: AlarmDefinition): GivenDefinition => {
  const { scope: _scope, explainedBy, ...rest } = definition
  return { ...rest, explainedBy: [...explainedBy] }
}

export function entryOf(
  definition: AlarmDefinition,
  { entries, given }: Pick<StoredTable, 'entries' | 'given'>,
): Static<typeof Entry> {
  const entryId = scopeKey(definition.scope)
  const shipped = shippedDefinition(entryId) !== undefined
  return {
    ...{ entryId, scope: definition.scope, ...definitionOf(definition) },
    ...{ shipped, rule: !shipped && given.has(entryId), override: overrideOf(entries.get(entryId)) },
  }
}

export function classOf(
  { escalation, ...rest }: AlarmClass,
  classes: ReadonlyMap<string, Stored<AlarmClass>>,
): Static<typeof Class> {
  const { name } = rest
  return {
    ...{ ...rest, escalation: escalation.map((step: EscalationStep) => ({ ...step })) },
    ...{ shipped: shippedClass(name) !== undefined, override: overrideOf(classes.get(name)) },
  }
}

/** What became of an entry or a class. */
export function differenceOf(
  of: 'entry' | 'class',
  key: string,
  before: object | undefined,
  after: object | undefined,
): Static<typeof Difference> {
  const fields = differencesOf(before, after).map(({ field, before: was, after: is }) => ({
    ...{ field, before: was ?? null, after: is ?? null },
  }))
  return { of, key, change: !before ? 'added' : !after ? 'removed' : 'changed', fields }
}
