import { Type } from '@sinclair/typebox'

const identifierPattern = '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'
const identifier = new RegExp(identifierPattern)

/** Identifier of a device, site or feeder: what fits in one MQTT topic level and reads well in a log line. */
export const Identifier = (description: string) => Type.String({ pattern: identifierPattern, description })

export const isIdentifier = (text: string): boolean => identifier.test(text)

/** Free text that every database and every JSON reader can hold: no NUL, no half of a surrogate pair. */
export const Text = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[^\\u0000\\uD800-\\uDFFF]*$', description })

/** Instant as devices send it. Its meaning is checked by the domain (`bad_timestamp`), its shape here. */
export const Timestamp = Type.Union([Type.String({ maxLength: 40 }), Type.Number()], {
  description: 'ISO 8601 with offset, or epoch milliseconds',
})

/** A number with its unit and its accepted range, both bounds included. */
export const Quantity = (unit: string, minimum: number, maximum: number, description: string) =>
  Type.Number({ minimum, maximum, description: `${description}, ${unit}` })

/** A quantity of a phase that the installation may not have: `null` = absent phase. */
export const PhaseQuantity = (unit: string, minimum: number, maximum: number, description: string) =>
  Type.Union([Quantity(unit, minimum, maximum, description), Type.Null()])
