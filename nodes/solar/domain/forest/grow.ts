import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { forestOf, mostSampleSize, mostTrees, type Forest, type TreeNode } from './isolation-forest.ts'
import type { Rows } from './rows.ts'

export interface GrowOptions {
  /** 1…2,000; 200 unless given. */
  readonly trees?: number
  /** Rows that each tree is grown from, 2…4,096; 256 unless given, or all where there are fewer. */
  readonly sampleSize?: number
  /** Whole number: the same seed and rows give the same forest. */
  readonly seed: number
}

/**
 * Grows a forest: each tree from rows drawn without repetition, split by a feature that varies among them at a threshold drawn evenly
 * between its least and its highest value, down to single rows or the depth of a balanced tree (Liu, Ting and Zhou 2008, algorithms 1
 * and 2). Rows whose feature is missing go to the side that has more of the others; left where both have as many.
 * @throws RangeError for fewer than two rows, or an option out of its range
 */
export function growForest(rows: Rows, { trees = 200, sampleSize = 256, seed }: GrowOptions): Forest {
  const count = rows.present.length
  if (count < 2) throw new RangeError(`a forest grows of two rows or more: there are ${count}`)
  if (!Number.isInteger(seed)) throw new RangeError(`seed is ${seed}: it takes a whole number`)
  if (!Number.isInteger(trees) || trees < 1 || trees > mostTrees)
    throw new RangeError(`trees is ${trees}: it takes a whole number from 1 to ${mostTrees}`)
  if (!Number.isInteger(sampleSize) || sampleSize < 2 || sampleSize > mostSampleSize)
    throw new RangeError(`sampleSize is ${sampleSize}: it takes a whole number from 2 to ${mostSampleSize}`)
  const generator = xoroshiro128plus(seed)
  const draw = (): number => uniformFloat64(generator)
  const size = Math.min(sampleSize, count)
  const all = Uint32Array.from({ length: count }, (_, row) => row)
  const ranges = Array.from({ length: rows.width }, (_, feature) => ({ feature, least: Infinity, highest: -Infinity }))
  const growth = { rows, draw, ranges, mostDepth: Math.ceil(Math.log2(size)) }
  return forestOf(
    rows.width,
    size,
    Array.from({ length: trees }, () => {
      const nodes: TreeNode[] = []
      grow(growth, sampleOf(all, size, draw), 0, nodes)
      return nodes
    }),
  )
}

type Split = Extract<TreeNode, { readonly feature: number }>

/** What a feature varies between, among the rows that are looked at. */
interface Range {
  readonly feature: number
  least: number
  highest: number
}

interface Growth {
  readonly rows: Rows
  /** Uniform in [0, 1). */
  readonly draw: () => number
  readonly mostDepth: number
  /** Of each feature, measured anew for each split. */
  readonly ranges: readonly Range[]
}

/** Some rows without repetition: the first steps of a shuffle, which may begin from any order. */
function sampleOf(all: Uint32Array, size: number, draw: () => number): Uint32Array {
  for (let place = 0; place < size; place++) {
    const other = place + Math.floor(draw() * (all.length - place))
    const row = all[place]!
    all[place] = all[other]!
    all[other] = row
  }
  return all.slice(0, size)
}

/** Appends the tree of some rows in preorder; their order is changed. */
function grow(growth: Growth, sample: Uint32Array, depth: number, nodes: TreeNode[]): void {
  const split = depth < growth.mostDepth && sample.length > 1 ? splitOf(growth, sample) : undefined
  if (!split) {
    nodes.push({ size: sample.length })
    return
  }
  nodes.push(split)
  const leftCount = part(growth.rows, sample, split)
  grow(growth, sample.subarray(0, leftCount), depth + 1, nodes)
  grow(growth, sample.subarray(leftCount), depth + 1, nodes)
}

/** @returns undefined where nothing tells the rows apart */
function splitOf({ rows, draw, ranges }: Growth, sample: Uint32Array): Split | undefined {
  measure(rows, sample, ranges)
  const varying = ranges.filter(({ least, highest }) => least < highest)
  const chosen = varying[Math.floor(draw() * varying.length)]
  if (!chosen) return undefined
  const threshold = between(chosen.least, chosen.highest, draw())
  return { feature: chosen.feature, threshold, missingRight: isMoreAbove(rows, sample, chosen.feature, threshold) }
}

/** Evenly from `least` to below `highest`, so that neither side is empty, however near the two are. */
function between(least: number, highest: number, share: number): number {
  const threshold = least * (1 - share) + highest * share
  return threshold >= least && threshold < highest ? threshold : least
}

/** Finds what each feature varies between; from Infinity to −Infinity where no row has it. */
function measure({ width, values, present }: Rows, sample: Uint32Array, ranges: readonly Range[]): void {
  for (const range of ranges) {
    const bit = 1 << range.feature
    let [least, highest] = [Infinity, -Infinity]
    for (const row of sample) {
      if ((present[row]! & bit) === 0) continue
      const value = values[row * width + range.feature]!
      if (value < least) least = value
      if (value > highest) highest = value
    }
    range.least = least
    range.highest = highest
  }
}

function isMoreAbove(
  { width, values, present }: Rows,
  sample: Uint32Array,
  feature: number,
  threshold: number,
): boolean {
  let above = 0
  for (const row of sample)
    if ((present[row]! >> feature) & 1) above += values[row * width + feature]! > threshold ? 1 : -1
  return above > 0
}

/** Puts the rows of the left side first. @returns how many they are */
function part({ width, values, present }: Rows, sample: Uint32Array, split: Split): number {
  const { feature, threshold, missingRight } = split
  let left = 0
  for (let at = 0; at < sample.length; at++) {
    const row = sample[at]!
    const goesRight = (present[row]! >> feature) & 1 ? values[row * width + feature]! > threshold : missingRight
    if (goesRight) continue
    sample[at] = sample[left]!
    sample[left++] = row
  }
  return left
}
