import { averagePathLength, leaf, type Forest } from './isolation-forest.ts'
import type { Rows } from './rows.ts'

/**
 * Scores rows: 2^(−E[h] / c(n)) of Liu, Ting and Zhou (2008), equation 2, in (0, 1]: about 0.5 for what is common, the nearer to 1 the
 * easier it is told from all else. A missing feature takes the side that most training rows took, so that it makes nothing rarer than
 * its other features do. A row of which nothing is known is not judged: its score is 0.
 * @returns a score a row, in their order, each by its row alone
 * @throws RangeError if the forest judges rows of another width
 */
export function scoreRows(forest: Forest, rows: Rows): Float64Array<ArrayBuffer> {
  if (rows.width !== forest.width)
    throw new RangeError(`rows have ${rows.width} features: the forest judges ${forest.width}`)
  const paths = new Float64Array(rows.present.length)
  // Tree by tree: one stays in the processor's nearest memory while all rows go through it.
  for (const root of forest.roots) addPaths(forest, root, rows, paths)
  const scale = forest.roots.length * averagePathLength(forest.sampleSize)
  return paths.map((path, row) => (rows.present[row] === 0 ? 0 : 2 ** (-path / scale)))
}

function addPaths(forest: Forest, root: number, { width, values, present }: Rows, paths: Float64Array): void {
  const { feature, value, right, missingRight } = forest
  for (let row = 0; row < paths.length; row++) {
    const known = present[row]!
    let node = root
    for (let by = feature[node]!; by !== leaf; by = feature[node]!) {
      const goesRight = (known >> by) & 1 ? values[row * width + by]! > value[node]! : missingRight[node] === 1
      node = goesRight ? right[node]! : node + 1
    }
    paths[row]! += value[node]!
  }
}
