import { mostFeatures } from './rows.ts'

/**
 * An isolation forest (Liu, Ting and Zhou, "Isolation Forest", ICDM 2008), all trees one after the other, each in preorder: the left
 * child of a split stands right behind it. Scores come of `scoreRows`, trees of `growForest`.
 */
export interface Forest {
  /** Features of the rows that it judges. */
  readonly width: number
  /** Rows that each tree was grown from. */
  readonly sampleSize: number
  /** Where each tree begins. */
  readonly roots: Uint32Array
  /** By node: the feature it splits by, or `leaf`. */
  readonly feature: Uint8Array
  /** By node: a split's threshold (rows up to it go left); of a leaf the length of the path that ends there. */
  readonly value: Float64Array
  /** By node: a split's right child. */
  readonly right: Uint32Array
  /** By node: 1 where a row whose feature is missing goes right. */
  readonly missingRight: Uint8Array
  /** By node: training rows that ended in a leaf; 0 for a split. */
  readonly size: Uint16Array
}

/** In place of a feature: the node is a leaf. */
export const leaf = 0xff

/** A node of a tree, as it is grown, read or exchanged; a tree is its nodes in preorder. */
export type TreeNode =
  { readonly feature: number; readonly threshold: number; readonly missingRight: boolean } | { readonly size: number }

export const mostTrees = 2_000
export const mostSampleSize = 4_096

/**
 * Puts trees together.
 * @param trees  each in preorder: a split, all of its left side, all of its right side
 * @throws RangeError if it is no forest: a tree that ends too early or too late, a feature that rows do not have, a number that is none
 */
export function forestOf(width: number, sampleSize: number, trees: readonly (readonly TreeNode[])[]): Forest {
  checkWhole('width', width, 1, mostFeatures)
  checkWhole('sampleSize', sampleSize, 2, mostSampleSize)
  checkWhole('number of trees', trees.length, 1, mostTrees)
  const count = trees.reduce((sum, nodes) => sum + nodes.length, 0)
  const forest = {
    ...{ width, sampleSize, roots: new Uint32Array(trees.length), feature: new Uint8Array(count).fill(leaf) },
    ...{ value: new Float64Array(count), right: new Uint32Array(count) },
    ...{ missingRight: new Uint8Array(count), size: new Uint16Array(count) },
  }
  let root = 0
  for (const [index, nodes] of trees.entries()) {
    forest.roots[index] = root
    plant(forest, root, nodes, `tree ${index}`)
    root += nodes.length
  }
  return forest
}

/** Writes one tree from `root` on, and finds the right children: each begins where the left side of its split has ended. */
function plant(forest: Forest, root: number, nodes: readonly TreeNode[], name: string): void {
  const open: { node: number; depth: number }[] = []
  let depth = 0
  for (const [index, one] of nodes.entries()) {
    const node = root + index
    const place = `node ${index} of ${name}`
    if ('size' in one) {
      checkWhole(`size of ${place}`, one.size, 1, forest.sampleSize)
      forest.size[node] = one.size
      forest.value[node] = depth + averagePathLength(one.size)
      const split = open.pop()
      if (!split) {
        if (index < nodes.length - 1) throw new RangeError(`${name} goes on behind its last leaf, node ${index}`)
        return
      }
      forest.right[split.node] = node + 1
      depth = split.depth + 1
    } else {
      checkWhole(`feature of ${place}`, one.feature, 0, forest.width - 1)
      if (!Number.isFinite(one.threshold)) throw new RangeError(`threshold of ${place} is ${one.threshold}`)
      forest.feature[node] = one.feature
      forest.value[node] = one.threshold
      forest.missingRight[node] = one.missingRight ? 1 : 0
      open.push({ node, depth })
      depth++
    }
  }
  throw new RangeError(`${name} ends before its last leaf`)
}

const eulerGamma = 0.577_215_664_901_532_9

/**
 * Mean length of an unsuccessful search in a binary search tree of `count` rows: c(n) of Liu, Ting and Zhou (2008), equation 1, with
 * 1 for two rows, which is exact, and the harmonic number as ln(n − 1) + γ, as scikit-learn has it.
 */
export function averagePathLength(count: number): number {
  if (count <= 1) return 0
  if (count === 2) return 1
  return 2 * (Math.log(count - 1) + eulerGamma) - (2 * (count - 1)) / count
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${name} is ${value}: it takes a whole number from ${least} to ${most}`)
}
