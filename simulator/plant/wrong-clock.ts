import type { PlantSample, PlantSlot } from './plant-year.ts'

/**
 * The same slots as panels with a wrong clock stamp them.
 * @param slots    in order, without gaps
 * @param aheadMs  how far their clocks are ahead of the time (behind where negative), whole slots
 * @param slotMs   length of a slot
 * @param panelIds panels whose clock is wrong; all unless named
 * @throws RangeError where it is no whole number of slots
 */
export function* stampedBy(
  slots: Iterable<PlantSlot>,
  aheadMs: number,
  slotMs: number,
  panelIds?: readonly string[],
): Generator<PlantSlot> {
  const ahead = aheadMs / slotMs
  if (!Number.isInteger(ahead)) throw new RangeError(`a clock ${aheadMs} ms ahead is no whole number of ${slotMs} ms`)
  if (ahead === 0) return yield* slots
  const wrong = panelIds && new Set(panelIds)
  // what is stamped at one instant was measured `ahead` slots before by some panels and then by the others
  const [first, last] = [Math.min(0, -ahead), Math.max(0, -ahead)]
  const kept: PlantSlot[] = []
  for (const slot of slots) {
    kept.push(slot)
    if (kept.length <= last - first) continue
    const [right, stamped] = [kept.at(-1 - last)!, kept.at(-1 - last - ahead)!]
    yield { at: right.at, samples: mixed(right.samples, stamped.samples, wrong) }
    kept.shift()
  }
}

function mixed(
  right: PlantSlot['samples'],
  stamped: PlantSlot['samples'],
  wrong: ReadonlySet<string> | undefined,
): ReadonlyMap<string, PlantSample> {
  if (!wrong) return stamped
  return new Map([...[...right].filter(([id]) => !wrong.has(id)), ...[...stamped].filter(([id]) => wrong.has(id))])
}
