import type { Direction, Evidence, Leaf, NumericLeaf, RateLeaf } from './rule.ts'

/** A measure at an instant: UTC milliseconds, value. */
export type Sample = readonly [at: number, value: number]

/** So many samples make up the span of a rate, at most: those between are left out. */
const samplesPerSpan = 8
/** A sample this many spans old says nothing of a rate over the span any more. */
const oldestSpans = 2

/**
 * Whether a leaf holds by a reading; null: the reading does not say.
 * @param held     whether it held by the last reading that said
 * @param history  of a rate: samples before this reading
 */
export function verdict(leaf: Leaf, reading: Evidence, held: boolean, history: readonly Sample[]): boolean | null {
  if (leaf.type === 'stale') return false
  if (leaf.type === 'digital') return equals(reading, leaf.field, leaf.equals)
  const quantity = quantityOf(leaf, reading, history)
  if (quantity === null) return null
  const { setPoint, deadband } = leaf
  if (leaf.type === 'limit' && leaf.level.startsWith('L')) {
    if (quantity < setPoint) return true
    return quantity >= setPoint + deadband ? false : held
  }
  if (quantity > setPoint) return true
  return quantity <= setPoint - deadband ? false : held
}

/** What a leaf holds against its set point: the measure, the deviation or the rate; null where the reading does not say. */
export function quantityOf(leaf: NumericLeaf, reading: Evidence, history: readonly Sample[]): number | null {
  const value = numberOf(reading, leaf.measure)
  if (value === null || leaf.type === 'limit') return value
  if (leaf.type === 'rate') return rateOf(leaf, [reading.at, value], history)
  const reference = typeof leaf.from === 'number' ? leaf.from : numberOf(reading, leaf.from)
  if (reference === null) return null
  const deviation = Math.abs(value - reference)
  if (leaf.as === 'absolute') return deviation
  return reference === 0 ? null : finite((100 * deviation) / Math.abs(reference))
}

/**
 * The samples that the next readings need: at most so many, however often a device reports. The newest of those that are as old
 * as the span is kept, and of what is older nothing.
 */
export function remember(
  { measure, overMs }: RateLeaf,
  reading: Evidence,
  history: readonly Sample[],
): readonly Sample[] {
  const value = numberOf(reading, measure)
  const last = history.at(-1)
  if (value === null || (last && reading.at - last[0] < overMs / samplesPerSpan)) return history
  const beginning = history.findLastIndex(([at]) => reading.at - at >= overMs)
  return [...history.slice(Math.max(0, beginning)), [reading.at, value]]
}

function rateOf({ overMs, per, direction }: RateLeaf, [at, value]: Sample, history: readonly Sample[]): number | null {
  const reference = history.findLast(([then]) => at - then >= overMs)
  if (!reference || at - reference[0] > oldestSpans * overMs) return null
  const perMs = (value - reference[1]) / (at - reference[0])
  return finite(along(direction, perMs * (per === 'second' ? 1_000 : 60_000)))
}

function along(direction: Direction, rate: number): number {
  if (direction === 'either') return Math.abs(rate)
  return direction === 'rising' ? rate : -rate
}

function equals({ values, labels }: Evidence, field: string, wanted: string): boolean | null {
  const word = labels?.[field]
  if (word !== undefined) return word === wanted
  const value = values[field]
  return value === undefined ? null : value === Number(wanted)
}

const numberOf = ({ values }: Evidence, measure: string): number | null => finite(values[measure])

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null
