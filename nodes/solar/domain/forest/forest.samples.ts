import fc from 'fast-check'
import { rowsOf, type Rows } from './rows.ts'

/** A number as a measure may be, or a missing one. */
const cell = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null, freq: 6 })

/** Rows of any numbers, of which one or other is missing. */
export const anyRows = (width = 3, { least = 2, most = 40 } = {}): fc.Arbitrary<Rows> =>
  fc
    .array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: least, maxLength: most })
    .map((rows) => rowsOf(width, rows))

/** Some of the rows, by their numbers and in that order. */
export const pickRows = ({ width, values, present }: Rows, chosen: readonly number[]): Rows => ({
  width,
  values: Float64Array.from(chosen.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])),
  present: Uint8Array.from(chosen, (row) => present[row]!),
})
