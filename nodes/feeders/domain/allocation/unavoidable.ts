import { boundsOf } from './bounds.ts'
import { deviceSums, lineCount } from './tree.ts'
import type { Tree } from './tree.ts'

/**
 * By slot: how far each limit is exceeded whatever the devices are told, kW. From the leaves up, each line by itself: what the devices
 * below can be brought to, as far as the limits below let them.
 */
export function unavoidable(tree: Tree): { import: Float64Array; export: Float64Array } {
  const { lowest, highest } = boundsOf(tree)
  const own = { lowest: ownSums(tree, lowest), highest: ownSums(tree, highest) }
  const fate = { import: new Float64Array(own.lowest.length), export: new Float64Array(own.lowest.length) }
  for (let at = tree.downwards.length - 1; at >= 0; at--) {
    const feeder = tree.downwards[at]!
    const above = tree.parent[feeder]!
    for (let line = 0; line < lineCount; line++) {
      const slot = feeder * lineCount + line
      const most = tree.most[slot]!
      const least = tree.least[slot]!
      let low = own.lowest[slot]!
      let high = own.highest[slot]!
      // A base load that may be too high and too low at once leaves no way to keep both limits.
      const torn = Math.max(0, least - most)
      fate.import[slot] = Math.max(torn, low - most, 0)
      fate.export[slot] = Math.max(torn, least - high, 0)
      const [from, until] = torn > 0 ? [most, least] : [least, most]
      low = Math.min(Math.max(low, from), high)
      high = Math.max(Math.min(high, until), low)
      if (above < 0) continue
      own.lowest[above * lineCount + line]! += low
      own.highest[above * lineCount + line]! += high
    }
  }
  return fate
}

/** By slot: the sum of the devices on the feeder itself. */
function ownSums(tree: Tree, powers: Float64Array): Float64Array {
  return deviceSums({ ...tree, parent: tree.parent.map(() => -1) }, powers)
}
