import { lines, type Direction, type FeederLimit, type Line, type Phase } from './allocation/problem.ts'
import { boundsOf, type Bounds, type ForecastState } from './base-forecast.ts'
import { minus, nothing, onPhases, plus, type ByLine } from './by-line.ts'

/** Whether all would go if every device went to its fallback: nobody could steer any of them then. */

export interface ConfiguredFeeder {
  readonly feederId: string
  readonly parentFeederId: string | null
  readonly limits: readonly FeederLimit[]
}

export interface ConfiguredDevice {
  readonly feederId: string
  readonly phases: readonly Phase[]
  /** Where it goes when it hears nothing, kW at its terminals, consumption positive. */
  readonly fallbackKw: number
}

/** A limit that would be exceeded. */
export interface ExceededLimit {
  readonly feederId: string
  readonly line: Line
  readonly direction: Direction
  /** What would flow in that direction, and by how much too much, kW. */
  readonly flowKw: number
  readonly beyondKw: number
  readonly limitKw: number
  readonly source: string
}

/**
 * The limits that the fallbacks of all devices and the load that nobody steers would exceed together, the least of each line and
 * direction. A device that falls back to generating may have no sun, or no charge, and is not counted against what others draw; nor
 * is one that falls back to drawing counted against what others give.
 */
export function exceededLimits(
  feeders: readonly ConfiguredFeeder[],
  devices: readonly ConfiguredDevice[],
  kept: ReadonlyMap<string, ForecastState>,
): ExceededLimit[] {
  const own = ownForecasts(feeders, kept)
  const highest = new Map<string, ByLine>()
  const lowest = new Map<string, ByLine>()
  const add = (to: Map<string, ByLine>, feederId: string, kw: ByLine): void => {
    to.set(feederId, plus(to.get(feederId) ?? nothing, kw))
  }
  const parents = new Map(feeders.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
  for (const { feederId } of feeders) {
    const { lowKw, highKw } = own.get(feederId) ?? { lowKw: nothing, highKw: nothing }
    for (const up of upwards(feederId, parents)) {
      add(lowest, up, lowKw)
      add(highest, up, highKw)
    }
  }
  for (const { feederId, phases, fallbackKw } of devices)
    for (const up of upwards(feederId, parents))
      add(fallbackKw > 0 ? highest : lowest, up, onPhases(fallbackKw, phases))
  return feeders.flatMap(({ feederId, limits }) =>
    lines.flatMap((line) =>
      (['import', 'export'] as const).flatMap((direction) => {
        const flowKw =
          direction === 'import' ? (highest.get(feederId)?.[line] ?? 0) : -(lowest.get(feederId)?.[line] ?? 0)
        const least = leastOf(limits, line, direction)
        if (!least || flowKw <= least.limitKw) return []
        const { limitKw, source } = least
        return [{ ...{ feederId, line, direction, flowKw, limitKw, source }, beyondKw: flowKw - limitKw }]
      }),
    ),
  )
}

const leastOf = (limits: readonly FeederLimit[], line: Line, direction: Direction): FeederLimit | undefined =>
  limits
    .filter((limit) => limit.line === line && limit.direction === direction)
    .reduce<FeederLimit | undefined>(
      (least, limit) => (least && least.limitKw <= limit.limitKw ? least : limit),
      undefined,
    )

/** What is forecast of a feeder itself, as it was last measured; a head measures what is below without one, too. */
function ownForecasts(
  feeders: readonly ConfiguredFeeder[],
  kept: ReadonlyMap<string, ForecastState>,
): ReadonlyMap<string, Bounds> {
  const parents = new Map(feeders.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
  const own = new Map(
    [...kept].filter(([feederId]) => parents.has(feederId)).map(([feederId, state]) => [feederId, boundsOf(state, 0)]),
  )
  for (const [feederId, { by }] of kept) {
    if (by === 'head') continue
    const bounds = own.get(feederId)
    const head = bounds && upwards(feederId, parents).find((up) => kept.get(up)?.by === 'head')
    if (!bounds || head === undefined) continue
    const { lowKw, highKw } = own.get(head)!
    own.set(head, { lowKw: minus(lowKw, bounds.lowKw), highKw: minus(highKw, bounds.highKw) })
  }
  return own
}

/** A feeder and those that it hangs on, each once. */
function upwards(feederId: string, parents: ReadonlyMap<string, string | null>): string[] {
  const way: string[] = []
  for (let at: string | null = feederId; at !== null && parents.has(at) && !way.includes(at); at = parents.get(at)!)
    way.push(at)
  return way
}
