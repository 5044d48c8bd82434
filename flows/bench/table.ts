/**
 * Lays out rows below their titles: the first column to the left, numbers to the right.
 * @param rows  one of a single cell stands across the columns
 */
export function layOut(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const whole = [titles, ...rows].filter((row) => row.length > 1)
  const widths = titles.map((_, column) => Math.max(...whole.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd()
  return [titles, ...rows].map((row) => (row.length === 1 ? row[0]! : line(row)))
}

/** A number to so many digits after the point, thousands apart; a dash where it is not known. */
export function digits(value: number | undefined, fraction = 0): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  return value.toLocaleString('en-US', { minimumFractionDigits: fraction, maximumFractionDigits: fraction })
}
