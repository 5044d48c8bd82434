import { Type, type TSchema } from '@sinclair/typebox'
import { Identifier } from '../wire/fields.ts'

/** An instant in a query: ISO 8601 with offset; the handler gets UTC milliseconds. */
export const InstantParameter = (description: string, example = '2026-11-21T12:00:00Z') =>
  Type.Unsafe<number>(Type.String({ format: 'date-time', description, examples: [example] }))

/** An instant in an answer. */
export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-21T12:00:00.000Z'] })

/** What may be absent, and then is null. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of these words. */
export const OneOf = <const T extends string>(choices: readonly T[], description: string) =>
  Type.Unsafe<T>(Type.String({ enum: [...choices], description }))

/** Identifier in an answer: whatever it once was let in as. */
export const Name = (description: string, example: string) => Type.String({ description, examples: [example] })

/** Identifier in a path or a query. */
export const IdentifierParameter = (description: string, example: string) =>
  Type.String({ ...Identifier(description), examples: [example] })

/** A number as it goes out: what floating point adds at the far end is no measurement. */
export const rounded = (value: number, digits = 6): number => {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor + 0
}

export const roundedOrNull = (value: number | null, digits?: number): number | null =>
  value === null ? null : rounded(value, digits)

export const instantOrNull = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()
