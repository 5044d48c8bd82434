import { parseInstant } from '../wire/instant.ts'
import type { JsonSchema } from './schemas.ts'

/** Parameters as they stand in an address: every value a text, and each as often as it was given. */
export type WrittenParameters = ReadonlyMap<string, readonly string[]>

/**
 * Reads parameters by their schemas: numbers, booleans, arrays (a parameter repeated), defaults for what is absent. What
 * cannot be read stays the text it is, for the schema to refuse.
 */
export function readParameters(written: WrittenParameters, schema: JsonSchema): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>
  const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [name, { default: fallback }] of Object.entries(properties))
    if (fallback !== undefined) read[name] = structuredClone(fallback)
  for (const [name, texts] of written) {
    const property = Object.hasOwn(properties, name) ? properties[name]! : {}
    if (property.type === 'array') {
      const items = (property.items ?? {}) as JsonSchema
      read[name] = texts.map((text) => readText(text, items))
    } else read[name] = texts.length === 1 ? readText(texts[0]!, property) : texts
  }
  return read
}

/** Instants of parameters that fit their schema become UTC ms. */
export function readInstants(parameters: Record<string, unknown>, schema: JsonSchema): void {
  for (const [name, property] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)) {
    const value = parameters[name]
    if (isInstant(property) && typeof value === 'string') parameters[name] = parseInstant(value)
  }
}

const isInstant = ({ type, format }: JsonSchema): boolean => type === 'string' && format === 'date-time'

function readText(text: string, schema: JsonSchema): unknown {
  const { anyOf, type } = schema
  if (Array.isArray(anyOf))
    return anyOf.map((choice) => readText(text, choice as JsonSchema)).find((value) => value !== text) ?? text
  if (type === 'integer') return /^-?\d{1,16}$/.test(text) ? Number(text) : text
  if (type === 'number') return /^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  // An unescaped + of an offset arrives as a space.
  return isInstant(schema) ? text.replace(/ (?=\d\d:\d\d$)/, '+') : text
}
