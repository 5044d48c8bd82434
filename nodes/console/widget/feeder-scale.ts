import type { FieldOverview } from '../../../platform/wire/overview.ts'

type Feeder = FieldOverview['feeders'][number]
type Load = Feeder['byType'][number]

/** A part of a bar: place and width in percent of the track. */
export interface Segment extends Load {
  left: number
  width: number
}

export interface FeederBar {
  feederId: string
  segments: Segment[]
  consumptionKw: number
  generationKw: number
  netKw: number
}

export interface FeederChart {
  bars: FeederBar[]
  /** Place of zero, percent of the track. */
  zero: number
  ticks: { kw: number; at: number }[]
}

const typeOrder = ['meter', 'ev', 'battery', 'panel', 'pv']
const rank = (type: string): number => (typeOrder.includes(type) ? typeOrder.indexOf(type) : typeOrder.length)

/**
 * Lays the feeders out on one scale, so that bars compare across feeders: consumption to the right of zero, generation
 * to the left. Both ends of the scale are round numbers. Types that neither consume nor generate are named, not drawn.
 */
export function chartOf(feeders: readonly Feeder[]): FeederChart {
  const sums = feeders.map(({ byType }) => ({
    consumption: sum(byType.map(({ kw }) => Math.max(0, kw))),
    generation: sum(byType.map(({ kw }) => Math.max(0, -kw))),
  }))
  const most = Math.max(0, ...sums.map(({ consumption }) => consumption))
  const least = Math.max(0, ...sums.map(({ generation }) => generation))
  const step = roundStep((most + least) / 5)
  const low = least > 0 ? -Math.ceil(least / step) * step : 0
  const high = Math.max(Math.ceil(most / step) * step, low === 0 ? step : 0)
  const place = (kw: number): number => ((kw - low) / (high - low)) * 100

  const bars = feeders.map((feeder, index): FeederBar => {
    const { consumption, generation } = sums[index]!
    let right = 0
    let left = 0
    const segments = [...feeder.byType]
      .sort((a, b) => rank(a.type) - rank(b.type) || a.type.localeCompare(b.type))
      .map((load): Segment => {
        const width = place(Math.abs(load.kw)) - place(0)
        if (load.kw < 0) left += load.kw
        const from = load.kw < 0 ? left : right
        if (load.kw > 0) right += load.kw
        return { ...load, left: place(from), width }
      })
    return {
      feederId: feeder.feederId,
      segments,
      consumptionKw: consumption,
      generationKw: generation,
      netKw: consumption - generation,
    }
  })

  const ticks: FeederChart['ticks'] = []
  for (let index = Math.round(low / step); index * step <= high + step / 2; index++)
    ticks.push({ kw: index * step, at: place(index * step) })
  return { bars, zero: place(0), ticks }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The next 1, 2 or 5 times a power of ten. */
function roundStep(atLeast: number): number {
  if (atLeast <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(atLeast))
  return ([1, 2, 5, 10].find((factor) => factor * power >= atLeast * 0.999) ?? 10) * power
}
