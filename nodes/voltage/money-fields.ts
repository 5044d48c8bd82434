import { Type } from '@sinclair/typebox'
import { Instant, Name, Nullable } from '../../platform/http/fields.ts'
import { Explained } from '../../platform/regulation/money-fields.ts'
import type { CompensationLine } from './compensation-repository.ts'

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
