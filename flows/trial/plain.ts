import { types } from 'node:util'

const mostLevels = 16
const mostEntries = 5_000
const mostCharacters = 100_000

/** Properties that name a message's way, not what it says: they differ from one run to the next. */
const ownToRun = new Set(['_msgid', 'batchId', 'again', 'req', 'res', '_event', '_linkSource', 'parts'])

/** A message as something that can be written down and compared: what JSON cannot hold is named, what is endless is cut. */
export function plainMessage(msg: object): Record<string, unknown> {
  const kept = Object.entries(msg).filter(([name]) => !ownToRun.has(name))
  return plain(Object.fromEntries(kept)) as Record<string, unknown>
}

export const plain = (value: unknown): unknown => simplify(value, mostLevels, new Set())

function simplify(value: unknown, levels: number, above: Set<object>): unknown {
  if (typeof value === 'string') return value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value
  if (typeof value === 'number') return Number.isFinite(value) ? value : named(value)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value !== 'object') return named(value)
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64').slice(0, mostCharacters) }
  if (types.isNativeError(value)) return { error: value.message }
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? '(invalid date)' : value.toISOString()
  if (above.has(value)) return '(contains itself)'
  if (levels === 0) return '(nested deeper)'
  above.add(value)
  const result = simplifyInner(value, (one) => simplify(one, levels - 1, above))
  above.delete(value)
  return result
}

function simplifyInner(value: object, inner: (one: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    const rest = value.length - mostEntries
    return [...value.slice(0, mostEntries).map(inner), ...(rest > 0 ? [`(and ${rest} more)`] : [])]
  }
  if (types.isMap(value) || types.isSet(value)) return inner([...value])
  const entries = Object.entries(value).slice(0, mostEntries)
  // A property that is undefined is not there: JSON would leave it out too.
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined).map(([name, one]) => [name, inner(one)]))
}

const named = (value: unknown): string => (typeof value === 'bigint' ? `${value}n` : `(${String(value).slice(0, 100)})`)
