/** Rows of features, one after the other, as a thread can be handed them. No number is NaN: what is missing has no bit. */
export interface Rows {
  /** Features of a row, 1…8. */
  readonly width: number
  /** `width` numbers a row; 0 where one is missing. */
  readonly values: Float64Array<ArrayBuffer>
  /** A byte a row: bit `f` is set where feature `f` is there. */
  readonly present: Uint8Array<ArrayBuffer>
}

/** A bit of `present` for each feature. */
export const mostFeatures = 8

/**
 * Lays rows out one after the other.
 * @param width  features of each row, 1…8
 * @throws RangeError if a row has another width or a number that is not finite
 */
export function rowsOf(width: number, rows: readonly (readonly (number | null)[])[]): Rows {
  if (!Number.isInteger(width) || width < 1 || width > mostFeatures)
    throw new RangeError(`width is ${width}: rows have 1 to ${mostFeatures} features`)
  const laid = { width, values: new Float64Array(width * rows.length), present: new Uint8Array(rows.length) }
  for (const [index, row] of rows.entries()) {
    if (row.length !== width) throw new RangeError(`row ${index} has ${row.length} features: it takes ${width}`)
    for (const [feature, value] of row.entries()) {
      if (value === null) continue
      if (!Number.isFinite(value)) throw new RangeError(`feature ${feature} of row ${index} is ${value}`)
      laid.values[index * width + feature] = value
      laid.present[index]! |= 1 << feature
    }
  }
  return laid
}
