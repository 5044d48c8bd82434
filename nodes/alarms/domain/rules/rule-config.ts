import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Identifier, Text } from '../../../../platform/wire/fields.ts'
import { readingKinds } from '../../../../platform/wire/reading.ts'
import { priorities } from '../alarm.ts'
import { directions, levels } from './rule.ts'

/**
 * Rules as they stand in the configuration of the alarm node, and as JSON. Durations in seconds; what older configurations lack
 * has a default here.
 */

const oneOf = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Union(
    words.map((word) => Type.Literal(word)),
    { description },
  )
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { default: null, description })

const yearS = 31_536_000
const Measure = Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$', description: 'name of a value of the reading' })
const SetPoint = Type.Number({ minimum: -1e12, maximum: 1e12 })
const Deadband = Type.Number({ minimum: 0, maximum: 1e12, default: 0, description: 'how far back past the set point' })
const Seconds = Type.Number({ minimum: 0, maximum: yearS, default: 0 })
const SpanSeconds = Type.Number({ minimum: 1, maximum: yearS })
const Priority = oneOf(priorities, 'how urgent')

/** One level: an alarm of its own. */
const LimitLevel = Type.Object(
  {
    level: oneOf(levels, 'high-high, high, low, low-low'),
    setPoint: SetPoint,
    priority: orNull(Priority, 'null: the rule’s'),
  },
  { additionalProperties: false },
)

export const leafConfigs = {
  limit: Type.Object(
    {
      type: Type.Literal('limit'),
      measure: Measure,
      levels: Type.Array(LimitLevel, { minItems: 1, maxItems: 4 }),
      deadband: Deadband,
    },
    { additionalProperties: false },
  ),
  deviation: Type.Object(
    {
      type: Type.Literal('deviation'),
      measure: Measure,
      from: Type.Union([Type.Number(), Measure], { description: 'a constant, or another measure' }),
      as: oneOf(['absolute', 'percent'] as const, 'of set point and deadband'),
      setPoint: Type.Number({ minimum: 0, maximum: 1e12 }),
      deadband: Deadband,
    },
    { additionalProperties: false },
  ),
  rate: Type.Object(
    {
      type: Type.Literal('rate'),
      measure: Measure,
      direction: Type.Union(oneOf(directions, '').anyOf, { default: 'either' }),
      per: oneOf(['second', 'minute'] as const, 'unit of time of the set point'),
      overS: SpanSeconds,
      setPoint: Type.Number({ minimum: 0, maximum: 1e12 }),
      deadband: Deadband,
    },
    { additionalProperties: false },
  ),
  digital: Type.Object(
    {
      type: Type.Literal('digital'),
      field: Measure,
      equals: Type.Union([Type.String({ ...Text(100, 'a word'), minLength: 1 }), Type.Number()]),
    },
    { additionalProperties: false },
  ),
  stale: Type.Object({ type: Type.Literal('stale'), afterS: SpanSeconds }, { additionalProperties: false }),
} as const

type LeafConfigs = typeof leafConfigs
export type LeafConfig = { [Kind in keyof LeafConfigs]: Static<LeafConfigs[Kind]> }[keyof LeafConfigs]
export type ExpressionConfig =
  | LeafConfig
  | { type: 'and'; of: ExpressionConfig[] }
  | { type: 'or'; of: ExpressionConfig[] }
  | { type: 'not'; of: ExpressionConfig }

const some = (description: string) => Type.Array(Identifier(description), { maxItems: 1_000, default: [] })

/** A rule without its expression. */
export const RuleConfigFrame = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
      description: 'the kind of its alarms: lower case, digits and hyphens',
    }),
    enabled: Type.Boolean({ default: true }),
    kind: Type.Union(oneOf(readingKinds, '').anyOf, { description: 'kind of readings that it is for' }),
    derType: Type.String({ pattern: '^([a-z][a-z0-9_-]{0,31})?$', default: '', description: 'empty: any' }),
    feederIds: some('a feeder; none: any'),
    deviceIds: some('a device; none: any'),
    when: Type.Unknown({ description: 'leaves, combined' }),
    priority: Type.Union(Priority.anyOf, { default: 'medium' }),
    className: orNull(Identifier('a class of the master alarm table'), 'null: that of its rules'),
    onDelayS: Seconds,
    offDelayS: Seconds,
    latching: orNull(Type.Boolean(), 'null: its class decides'),
    reAlarmS: orNull(Type.Number({ minimum: 60, maximum: yearS }), 'null: its class decides'),
    textEn: Type.String({ ...Text(150, 'what operators read'), default: '' }),
    textPt: Type.String({ ...Text(150, 'what operators read, in Portuguese'), default: '' }),
  },
  { additionalProperties: false },
)
export type RuleConfig = Omit<Static<typeof RuleConfigFrame>, 'when'> & { when: ExpressionConfig }
