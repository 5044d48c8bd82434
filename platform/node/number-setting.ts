const shownLength = 80

/**
 * Reads a number of a node's dialog: the editor hands numbers over as text.
 * @throws RangeError that names the field and the value
 */
export function numberSetting(field: string, given: unknown, least: number, most: number): number {
  const number = typeof given === 'string' && given.trim() === '' ? NaN : Number(given)
  if (number >= least && number <= most) return number
  const shown = (JSON.stringify(given) ?? String(given)).slice(0, shownLength)
  throw new RangeError(`${field} is ${shown}: it takes a number from ${least} to ${most}`)
}
