import { Type } from '@sinclair/typebox'
import { Name, Nullable, rounded } from '../../../platform/http/fields.ts'
import { monthPattern } from '../domain/month.ts'
import { exclusionRules } from '../domain/exclusions.ts'
import { parcels } from '../domain/parcels.ts'

const hourMs = 3_600_000

/** Milliseconds as hours go out. */
export const hoursOf = (ms: number): number => rounded(ms / hourMs)

export const hours = (description: string) => Type.Number({ description: `${description}, h` })
export const count = (description: string) => Type.Integer({ description })
export const conjunto = Nullable(Name('Its conjunto', '12345'))
export const interruption = Type.Integer({ description: 'Number of the interruption' })
export const parcel = Type.Unsafe<string>(
  Type.String({ enum: [...parcels], description: 'Parcel of DEC and FEC that it is of' }),
)
export const reasons = Type.Array(Type.String({ enum: Object.keys(exclusionRules) }), {
  description: 'Why it is left out of DIC and FIC (items 178 to 181)',
})
export const violated = Type.Array(Type.String({ enum: ['DIC', 'FIC', 'DMIC', 'DICRI', 'DISE'] }), {
  description: 'Which of its limits the unit is above',
})

/** A month in a query. */
export const MonthParameter = Type.String({
  pattern: monthPattern,
  description: 'Month, YYYY-MM; the present one unless given',
  examples: ['2026-11'],
})

/** A year in a query. */
export const YearParameter = Type.Integer({
  minimum: 2000,
  maximum: 2100,
  description: 'Year; the present one unless given',
  examples: [2026],
})

export const Month = Type.String({ description: 'Month, YYYY-MM', examples: ['2026-11'] })
