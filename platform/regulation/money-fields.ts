import { Type } from '@sinclair/typebox'

/** Money that explains itself, as it goes out. */
export const Explained = Type.Object(
  {
    amountBrl: Type.Number({ description: 'Truncated to cents, R$' }),
    exactBrl: Type.Number({ description: 'Before truncation, R$' }),
    formula: Type.String({ description: 'With the names of `inputs`' }),
    inputs: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    rule: Type.Object({ validFrom: Type.String(), source: Type.String() }, { description: 'What was applied' }),
  },
  { $id: 'ExplainedMoney' },
)
