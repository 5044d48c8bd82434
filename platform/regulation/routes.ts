import { Type } from '@sinclair/typebox'
import { wallClock } from '../clock/clock.ts'
import { Instant, Nullable, OneOf } from '../http/fields.ts'
import { badField, notFound } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { queriesOf } from '../storage/queries.ts'
import { acceptedBy, accepts, confidences, type RegulationOption } from './option.ts'
import { isOptionKey, regulationChoices, regulationOptions, type OptionKey } from './options.ts'
import { changesOf, insertChange, type OptionChange } from './repository.ts'

const mostChanges = 100

const bilingual = (description: string) => Type.Object({ en: Type.String(), pt: Type.String() }, { description })
const value = Type.Union([Type.String(), Type.Number()])
const Option = Type.Object(
  {
    key: Type.String({ examples: ['voltage-minimum-coverage'] }),
    question: bilingual('What the norm leaves open'),
    kind: OneOf(['choice', 'number'], 'What it takes: one of `choices`, or a number'),
    choices: Type.Optional(Type.Record(Type.String(), bilingual('What the choice means'))),
    unit: Type.Optional(bilingual('Of the number')),
    least: Type.Optional(Type.Number()),
    most: Type.Optional(Type.Number()),
    whole: Type.Optional(Type.Boolean({ description: 'Whether it takes whole numbers only' })),
    default: value,
    value: Type.Union([Type.String(), Type.Number()], { description: 'What holds now' }),
    source: Type.String({ description: 'What the default rests on' }),
    confidence: OneOf(Object.keys(confidences), 'How sure the default is'),
  },
  { $id: 'RegulationOption' },
)
const Change = Type.Object({
  value: Nullable(value),
  reason: Type.String(),
  changedBy: Type.String(),
  changedAt: Instant('When it was changed'),
})
const ChangedOption = Type.Composite(
  [Option, Type.Object({ changes: Type.Array(Change, { description: `The newest first, ${mostChanges} at most` }) })],
  { $id: 'ChangedRegulationOption' },
)
const params = Type.Object({ key: Type.String({ maxLength: 100, examples: ['voltage-minimum-coverage'] }) })

/** What is uncertain in the norm, and what was chosen. */
export const regulationRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  const shown = async (key: OptionKey) => {
    const choices = await regulationChoices(database)
    const changes = await changesOf(database, key, mostChanges)
    return { ...optionOf(key, choices[key]), changes: changes.map(changeOf) }
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/options',
      operationId: 'listRegulationOptions',
      summary: 'What is uncertain in the norm, and what holds here',
      description: 'Each with its question, what can be chosen, the default and what that rests on.',
      tag: 'quality',
      right: 'read',
      answers: { 200: { description: 'The options', schema: Type.Object({ items: Type.Array(Option) }) } },
      async handle() {
        const choices = await regulationChoices(database)
        return {
          body: {
            items: Object.keys(regulationOptions).map((key) => optionOf(key as OptionKey, choices[key as OptionKey])),
          },
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/options/{key}',
      operationId: 'getRegulationOption',
      summary: 'One option, with who changed it, when and why',
      tag: 'quality',
      right: 'administer',
      params,
      answers: { 200: { description: 'The option', schema: ChangedOption } },
      handle: async ({ params: { key } }) => ({ body: await shown(known(key)) }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/api/quality/options/{key}',
      operationId: 'setRegulationOption',
      summary: 'Choose otherwise where the norm is uncertain',
      description:
        'Holds from now on, for what is calculated from now on. Null sets the default again. Who, when and why is kept, and nothing of it is ever changed.',
      tag: 'quality',
      right: 'administer',
      params,
      body: Type.Object(
        {
          value: Nullable(value),
          reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why' }),
        },
        { examples: [{ value: 0.95, reason: 'Ofício 123/2026 of the regulator' }] },
      ),
      answers: { 200: { description: 'The option as it is now', schema: ChangedOption } },
      async handle({ params: { key: asked }, body, identity, address }) {
        const key = known(asked)
        if (body.value !== null) check(key, body.value)
        const reason = body.reason.trim()
        const before = await database.transaction(async (client) => {
          const { [key]: held } = await regulationChoices(queriesOf(client))
          const change = { key, value: body.value, reason, changedBy: identity!.username }
          await insertChange(queriesOf(client), change, wallClock.now())
          return held
        })
        const after = await shown(key)
        const detail = `${before} to ${after.value}: ${reason}`
        await access.recordAccess({ event: 'option_changed', identity, address, subject: `option ${key}`, detail })
        return { body: after }
      },
    }),
  ]
}

function known(key: string): OptionKey {
  if (!isOptionKey(key)) throw notFound('option', 'path.key', key)
  return key
}

function check(key: OptionKey, given: string | number): void {
  const option = regulationOptions[key]
  if (!accepts(option, given)) throw badField('body.value', given, `must be ${acceptedBy(option)}`)
}

function optionOf(key: OptionKey, held: string | number) {
  const option: RegulationOption = regulationOptions[key]
  return { key, ...option, value: held }
}

const changeOf = ({ changedAt, ...change }: OptionChange) => ({ ...change, changedAt: changedAt.toISOString() })
