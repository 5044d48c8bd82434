import type { CommandClass } from './answers.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000] as const
const usual = [
  ...[30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute],
  ...[hour, 4 * hour, 12 * hour, 24 * hour, 72 * hour],
]

/** For how long a command of a class may be asked to stay good, ms: what the class has unless asked, and usual times up to its most. */
export function expiryChoices({
  expiresAfterMs,
  mostExpiresAfterMs,
}: Pick<CommandClass, 'expiresAfterMs' | 'mostExpiresAfterMs'>): readonly number[] {
  const choices = new Set([...usual.filter((ms) => ms <= mostExpiresAfterMs), expiresAfterMs])
  return [...choices].toSorted((one, other) => one - other)
}
