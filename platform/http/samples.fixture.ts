import fc from 'fast-check'
import { resolved, type DocumentedSchema, type OpenApiDocument } from './document.fixture.ts'

/** A value that a schema takes, of the examples first; `full` with what may be left out, too. */
export function sampleOf(document: OpenApiDocument, given: DocumentedSchema, full: boolean): unknown {
  const schema = resolved(document, given)
  if (schema.examples !== undefined) return (schema.examples as unknown[])[0]
  if (schema.default !== undefined) return schema.default as unknown
  if (schema.const !== undefined) return schema.const as unknown
  if (schema.enum !== undefined) return (schema.enum as unknown[])[0]
  const choices = (schema.anyOf ?? schema.oneOf) as DocumentedSchema[] | undefined
  if (choices) return sampleOf(document, choices[0]!, full)
  if (schema.allOf)
    return Object.assign({}, ...(schema.allOf as DocumentedSchema[]).map((part) => sampleOf(document, part, full)))
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectOf(document, schema, full)
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 0, full ? 1 : 0) }, () =>
        sampleOf(document, schema.items ?? {}, full),
      )
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return textOf(schema)
  }
}

function objectOf(document: OpenApiDocument, schema: DocumentedSchema, full: boolean): unknown {
  const required = new Set((schema.required ?? []) as string[])
  const properties = Object.entries((schema.properties ?? {}) as Record<string, DocumentedSchema>)
  const least = (schema.minProperties ?? 0) as number
  const taken = properties.filter(([name], at) => full || required.has(name) || at < least)
  return Object.fromEntries(taken.map(([name, property]) => [name, sampleOf(document, property, full)]))
}

function numberOf({ minimum, maximum, exclusiveMinimum }: DocumentedSchema): number {
  if (exclusiveMinimum !== undefined) return (exclusiveMinimum as number) + 1
  return (minimum ?? Math.min(1, maximum ?? 1)) as number
}

function textOf({ format, pattern, minLength = 1, maxLength = 1_000 }: DocumentedSchema): string {
  if (format === 'date-time') return '2026-11-21T12:00:00.000Z'
  if (format === 'date') return '2026-11-21'
  if (format === 'uuid') return '0b9f3c1e-6f4b-4d5e-8a51-2f6f0f3a9c11'
  if (format === 'email') return 'ana@example.org'
  if (pattern !== undefined) {
    const fitting = fc.stringMatching(new RegExp(pattern as string, 'u'))
    return fc.sample(
      fitting.filter(({ length }) => length >= minLength && length <= maxLength),
      { numRuns: 1, seed: 1 },
    )[0]!
  }
  return 'sample'.padEnd(minLength as number, 'x').slice(0, maxLength as number)
}

/** A value just beyond what a schema takes, by each of its bounds. */
export function beyond({
  type,
  minimum,
  maximum,
  maxLength,
  minLength,
  maxItems,
  enum: choices,
  format,
}: DocumentedSchema): unknown[] {
  const isNumber = type === 'integer' || type === 'number'
  return [
    ...(isNumber && minimum !== undefined ? [(minimum as number) - 1] : []),
    ...(isNumber && maximum !== undefined ? [(maximum as number) + 1] : []),
    ...(type === 'integer' ? [1.5] : []),
    ...(type === 'string' && maxLength !== undefined ? ['x'.repeat((maxLength as number) + 1)] : []),
    ...(type === 'string' && minLength > 0 ? [''] : []),
    ...(type === 'array' && maxItems !== undefined ? [Array<string>((maxItems as number) + 1).fill('x')] : []),
    ...(choices ? ['none-of-these'] : []),
    ...(format === 'date-time' ? ['2026-02-31T00:00:00Z', 'yesterday', '2026-11-21T12:00:00'] : []),
  ]
}

/** A value of another type than a schema takes. As a parameter it is a text, which a text takes. */
export function ofAnotherType({ type }: DocumentedSchema): unknown {
  return type === 'string' ? 12.5 : type === undefined ? undefined : 'of another type'
}

/** What attackers and broken programs send. @param seed  of the random ones */
export const hostileTexts = (seed: number): string[] => [
  ...['', ' ', '\0', 'a\0b', '\r\nX-Injected: 1', '__proto__', 'constructor', 'toString', '..', '../../etc/passwd'],
  ...['NaN', 'Infinity', '1e309', '-0', '0x10', '9'.repeat(400), '9223372036854775808', '-1', 'null', 'undefined'],
  ...["' or 1=1 --", '"; drop table device; --', '$1', '%', '<script>alert(1)</script>', '{{constructor}}', '=1+1'],
  ...['\ud800', '\u202e', 'x'.repeat(4_000), '[]', '{}', 'true'],
  ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 4, seed }),
]

/** Bodies that are no good wherever they go, as they are sent. */
export const hostileBodies: readonly string[] = [
  ...['', ' ', '{', '[', 'null', '0', '"text"', '[]', '{}', '[[]]', 'undefined', '{"a":1,}', "{'a':1}", '\ufeff{}'],
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"a":1e999}',
  `{"a":"\\u0000"}`,
  `{"a":"\\ud800"}`,
  '['.repeat(20_000),
  `${'['.repeat(1_000)}${']'.repeat(1_000)}`,
  `{${Array.from({ length: 2_000 }, (_each, n) => `"k${n}":${n}`).join()}}`,
]
