/**
 * Jain's index of fairness: 1 where all have the same, 1/n where one has everything.
 * Jain, Chiu, Hawe: A quantitative measure of fairness and discrimination, DEC-TR-301, 1984.
 * @param shares  of each what it has of what it wants, ≥ 0
 * @returns null where there is nobody; 1 where all have nothing
 * @throws RangeError  of a share that is negative or no number
 */
export function jainIndex(shares: readonly number[]): number | null {
  if (shares.length === 0) return null
  const wrong = shares.find((share) => !(share >= 0) || share === Infinity)
  if (wrong !== undefined) throw new RangeError(`share out of range: ${wrong}`)
  const most = shares.reduce((highest, share) => Math.max(highest, share), 0)
  if (most === 0) return 1
  // By the largest of them: squares of what is tiny would vanish, of what is huge not be finite.
  const sum = shares.reduce((total, share) => total + share / most, 0)
  const squares = shares.reduce((total, share) => total + (share / most) ** 2, 0)
  return sum ** 2 / (shares.length * squares)
}
