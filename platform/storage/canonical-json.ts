import { createHash } from 'node:crypto'

/**
 * JSON that is the same for the same value, whoever writes it: no spaces, the fields of objects in the order of their UTF-16
 * code units, numbers as ECMAScript writes them (RFC 8785). Fields that are undefined are left out.
 * @throws RangeError for what is no JSON: a number that is not finite, undefined in an array, a function
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    const sorted = fields.toSorted(([one], [other]) => (one < other ? -1 : 1))
    return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} is no number of JSON`)
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new RangeError(`${typeof value} is no value of JSON`)
  return text
}

/** SHA-256 of these texts one after the other, as UTF-8, in hexadecimal. */
export function sha256Of(...texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return hash.digest('hex')
}
