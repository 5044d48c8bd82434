import { Type } from '@sinclair/typebox'
import { Instant, Name, Nullable } from '../../platform/http/fields.ts'
import type { CompensationLine } from './compensation-repository.ts'

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

export const CompensationSchema = Type.Object(
  {
    caseId: Type.Integer({ description: 'The case' }),
    unitId: Name('The consumer unit', 'unit-001'),
    month: Type.String({ description: 'Month of reference, YYYY-MM' }),
    revision: Type.Integer({
      description: 'The first is what was booked; each further one changes it by its difference',
    }),
    measurementId: Type.Integer({ description: 'The measurement that it rests on' }),
    resultVersion: Type.Integer({ description: 'and the version of its result' }),
    amountBrl: Nullable(Type.Number({ description: 'Due with this revision, R$; null: it waits' })),
    deltaBrl: Nullable(Type.Number({ description: 'By how much it changes what was booked before, R$' })),
    explained: Nullable(Explained),
    cause: Type.String({ description: 'Why there is this revision' }),
    pending: Nullable(Type.String({ description: 'What it waits for' })),
    bookedAt: Instant('When it was booked, or began to wait'),
  },
  { $id: 'VoltageCompensation' },
)

export const shownLine = ({ bookedAt, ...line }: CompensationLine) => ({
  ...line,
  bookedAt: new Date(bookedAt).toISOString(),
})
