import type { TSchema } from '@sinclair/typebox'

/** A JSON Schema (2020-12), as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

const ofSchemas = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])
const listOfSchemas = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems'])
const schemaItself = new Set([
  'items',
  'not',
  'additionalProperties',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
])

/**
 * A route's schema as requests and answers are checked against it, and as the document shows it: objects have no other
 * properties than those named, and a choice of literals is an `enum`.
 * @param named  takes what stands under an `$id`, for a reference in its place; without it the schema is whole
 */
export function closed(schema: TSchema, named?: Map<string, JsonSchema>): JsonSchema {
  return close(schema, true, named)
}

function close(schema: TSchema, closing: boolean, named: Map<string, JsonSchema> | undefined): JsonSchema {
  const { $id, ...keywords } = schema
  const plain = closeParts(keywords, closing, named)
  if ($id === undefined || !named) return plain
  const before = named.get($id)
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(plain))
    throw new Error(`two different schemas have the $id ${$id}`)
  named.set($id, plain)
  return { $ref: `#/components/schemas/${$id}` }
}

function closeParts(
  keywords: Record<string, unknown>,
  closing: boolean,
  named: Map<string, JsonSchema> | undefined,
): JsonSchema {
  const inner = (part: unknown, within = true): unknown =>
    typeof part === 'object' && part !== null ? close(part as TSchema, within, named) : part
  const entries = Object.entries(keywords).map(([keyword, value]): [string, unknown] => {
    if (ofSchemas.has(keyword))
      return [keyword, Object.fromEntries(Object.entries(value as object).map(([key, part]) => [key, inner(part)]))]
    // The parts of an intersection do not know of each other's properties.
    if (listOfSchemas.has(keyword))
      return [keyword, (value as unknown[]).map((part) => inner(part, keyword !== 'allOf'))]
    return [keyword, schemaItself.has(keyword) ? inner(value) : value]
  })
  const plain: JsonSchema = Object.fromEntries(entries)
  const literals = literalsOf(plain)
  if (literals) return literals
  if (!closing) return plain
  if (plain.allOf) return { ...plain, unevaluatedProperties: false }
  const isOpen = plain.properties && !plain.patternProperties && plain.additionalProperties === undefined
  return isOpen ? { ...plain, additionalProperties: false } : plain
}

/** A choice of literals of one type, as an enumeration; undefined where it is something else. */
function literalsOf({ anyOf, ...rest }: JsonSchema): JsonSchema | undefined {
  const choices = (anyOf ?? []) as readonly JsonSchema[]
  const types = new Set(choices.map(({ type }) => type))
  if (choices.length < 2 || types.size > 1 || !choices.every((choice) => 'const' in choice)) return undefined
  return { ...rest, type: choices[0]!.type, enum: choices.map((choice) => choice.const) }
}
