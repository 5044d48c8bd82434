import { showValue } from './domain/schema-check.ts'

/**
 * Reads a number of seconds as the editor gives it: it hands numbers over as text.
 * @throws Error that names the field and the value
 */
export function secondsOf(field: string, given: unknown, least: number, most: number): number {
  const seconds = typeof given === 'string' && given.trim() === '' ? NaN : Number(given)
  if (seconds >= least && seconds <= most) return seconds
  throw new Error(`${field} is ${showValue(given)}: it takes a number from ${least} to ${most}`)
}
