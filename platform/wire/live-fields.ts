import { Type, type TSchema } from '@sinclair/typebox'

/** Or null, which has a meaning of its own. */
export const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
/** One of these. */
export const words = <const T extends readonly string[]>(...of: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...of] })
/** ISO 8601, UTC. */
export const Instant = Type.String({ format: 'date-time' })
