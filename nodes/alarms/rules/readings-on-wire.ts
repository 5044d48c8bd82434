import { readingKinds } from '../../../platform/wire/reading.ts'
import { isIdentifier } from '../../../platform/wire/fields.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import type { Evidence } from '../domain/rules/rule.ts'

/** Readings in one message. */
export const mostReadings = 20_000
const kinds: ReadonlySet<unknown> = new Set(readingKinds)

/** A payload that is no batch of readings, with the field and the value at fault. */
class BadReading extends Error {
  override readonly name = 'BadReading'
}

/** Whether a payload is meant as readings, and not as conditions: it has a device, an instant and values. */
export function isOfReadings(payload: unknown): payload is readonly unknown[] {
  const first: unknown = Array.isArray(payload) ? payload[0] : undefined
  return typeof first === 'object' && first !== null && 'values' in first && !('key' in first)
}

/**
 * The readings of a payload.
 * @throws BadReading  that names field and value; then nothing of the payload is taken
 */
export function readingsOf(payload: readonly unknown[]): readonly Evidence[] {
  if (payload.length > mostReadings)
    throw new BadReading(`payload has ${payload.length} readings: it takes ${mostReadings} at most`)
  return payload.map((one, place) => checked(one, `payload[${place}]`))
}

function checked(given: unknown, place: string): Evidence {
  const { deviceId, kind, at, values, labels, quality } = (given ?? {}) as Partial<Record<keyof Evidence, unknown>>
  const fault = (field: string, value: unknown, takes: string): BadReading =>
    new BadReading(`${place}.${field} is ${showValue(value)}: it takes ${takes}`)
  if (typeof deviceId !== 'string' || !isIdentifier(deviceId)) throw fault('deviceId', deviceId, 'the name of a device')
  if (!kinds.has(kind)) throw fault('kind', kind, readingKinds.join(', '))
  if (!Number.isInteger(at) || (at as number) < 0) throw fault('at', at, 'UTC milliseconds')
  if (typeof values !== 'object' || values === null) throw fault('values', values, 'an object of numbers')
  if (labels !== undefined && (typeof labels !== 'object' || labels === null))
    throw fault('labels', labels, 'an object of words')
  if (typeof quality !== 'string') throw fault('quality', quality, 'a quality, such as good')
  return given as Evidence
}
