import { Type } from '@sinclair/typebox'
import { Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Explained } from '../../../platform/regulation/money-fields.ts'
import type { CompensatedIndicator } from '../domain/compensation.ts'

const indicators: readonly CompensatedIndicator[] = ['DIC', 'FIC', 'DMIC', 'DICRI', 'DISE']

/** What is due to a unit for a month, as it goes out. */
export const ContinuityCompensationSchema = Type.Object(
  {
    ...Explained.properties,
    items: Type.Array(
      Type.Object({
        indicator: OneOf(indicators, 'What was violated'),
        interruptionId: Type.Optional(Type.Integer({ description: 'The event of DICRI or DISE' })),
        paid: Type.Boolean({ description: 'Of DIC, FIC and DMIC only the greatest is paid' }),
        money: Explained,
      }),
      { description: 'Violated limits, one by one' },
    ),
  },
  { $id: 'ContinuityCompensation' },
)

const hours = (of: string) => Type.Number({ description: `${of}, h` })

/** Limits of a unit in a month, as they go out. */
export const IndividualLimitsSchema = Type.Object(
  {
    dicH: hours('DIC'),
    fic: Type.Number({ description: 'FIC' }),
    dmicH: hours('DMIC'),
    dicriH: Nullable(hours('DICRI of an event')),
    diseH: Nullable(hours('DISE of an event')),
    source: Type.String({ description: 'Where they are written, and how sure that is' }),
  },
  { $id: 'IndividualLimits' },
)
