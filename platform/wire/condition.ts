import { Type, type Static } from '@sinclair/typebox'
import type { KindIn } from './condition-kinds.ts'
import { Identifier, Text } from './fields.ts'

/**
 * A parameter of a text. Its name ends with its unit, which says how it is shown: `At` an instant and `Ms` a duration
 * (milliseconds), `Pct` percent, `Brl` R$; others are shown as they are. Words that somebody chose come in each language.
 */
const Parameter = Type.Union([
  Type.Number(),
  Text(200, 'a word or a name'),
  Type.Object({ en: Text(200, 'in English'), pt: Text(200, 'in Portuguese') }, { additionalProperties: false }),
])

/**
 * Something that is so, or is so no more, at one place: what an area says to whoever raises alarms. Two with the same key are
 * about the same; the newest holds. Saying it twice changes nothing.
 */
export const Condition = Type.Object(
  {
    key: Text(200, 'area/kind/subject: the same for as long as it is about the same'),
    area: Identifier('who says it, such as voltage'),
    kind: Identifier('what it is about, such as drp-budget'),
    subject: Identifier('at what: a unit, a device, a feeder'),
    state: Type.Union([Type.Literal('active'), Type.Literal('normal')]),
    at: Type.Integer({ description: 'since when, UTC milliseconds' }),
    feederId: Type.Optional(Identifier('feeder that it is on')),
    unitId: Type.Optional(Identifier('consumer unit that it is of')),
    deviceId: Type.Optional(Identifier('device that it is of')),
    value: Type.Optional(Type.Number({ description: 'what was found, in `unit`' })),
    limit: Type.Optional(Type.Number({ description: 'what it is held against, in `unit`' })),
    unit: Type.Optional(Text(20, 'of value and limit, such as windows, kW')),
    priority: Type.Union(
      ['low', 'medium', 'high', 'critical'].map((priority) =>
        Type.Literal(priority as 'low' | 'medium' | 'high' | 'critical'),
      ),
      { description: 'a hint: the master alarm table decides' },
    ),
    text: Type.Object(
      {
        message: Text(100, 'key of the text in every language'),
        parameters: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z]{0,39}$' }), Parameter),
      },
      { description: 'in no language yet: words are put where people read them' },
    ),
    evidence: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'what shows it' })),
  },
  { $id: 'Condition', description: 'Something that is so, or is so no more' },
)
export type Condition = Static<typeof Condition>

/** What a condition is told apart by. An area names its kind, which must be among those of condition-kinds.ts. */
export const conditionKey = <Area extends string>(area: Area, kind: KindIn<Area>, subject: string): string =>
  `${area}/${kind}/${subject}`
