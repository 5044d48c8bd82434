/**
 * A table for people: columns as wide as their widest cell, two blanks between.
 * @param rows  the first one is the head
 * @param left  so many columns stand to the left; the others, numbers, to the right
 */
export function textTable(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
