import fc from 'fast-check'
import { ProgramBuilder } from '../domain/allocation/linear-program.ts'
import type { LinearProgram } from '../domain/allocation/linear-program.ts'

const halves = (from: number, until: number): fc.Arbitrary<number> =>
  fc.integer({ min: 2 * from, max: 2 * until }).map((value) => value / 2)

/** Small bounded programs, about half of them without any solution, and two objectives for each. */
export const arbitraryProgram: fc.Arbitrary<{ program: LinearProgram; objectives: Float64Array[] }> = fc
  .record({ columns: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 0, max: 5 }) })
  .chain(({ columns, rows }) =>
    fc.record({
      bounds: fc.array(fc.tuple(halves(-4, 4), halves(0, 6)), { minLength: columns, maxLength: columns }),
      rows: fc.array(
        fc.record({
          values: fc.array(halves(-2, 3), { minLength: columns, maxLength: columns }),
          lower: fc.option(halves(-8, 4), { nil: -Infinity }),
          width: fc.option(halves(0, 12), { nil: Infinity }),
        }),
        { minLength: rows, maxLength: rows },
      ),
      objectives: fc.array(fc.array(halves(-3, 3), { minLength: columns, maxLength: columns }), {
        minLength: 2,
        maxLength: 2,
      }),
    }),
  )
  .map(({ bounds, rows, objectives }) => {
    const builder = new ProgramBuilder()
    for (const [from, width] of bounds) builder.column(from, from + width)
    for (const { values, lower, width } of rows) {
      const upper = lower === -Infinity ? width : lower + width
      builder.row(
        lower,
        upper,
        [...values.entries()].filter(([, value]) => value !== 0),
      )
    }
    return { program: builder.build(), objectives: objectives.map((costs) => Float64Array.from(costs)) }
  })
