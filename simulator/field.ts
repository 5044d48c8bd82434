import type { BatterySpec } from './devices/battery.ts'
import type { EvSpec } from './devices/ev.ts'
import type { MeterSpec } from './devices/meter.ts'
import type { PanelSpec } from './devices/panel.ts'
import type { PlantSpec } from './devices/plant.ts'
import type { PvSpec } from './devices/pv.ts'
import type { SwitchSpec } from './devices/switch.ts'
import type { Place } from './sky.ts'

/** Every device of a simulated field. */
export interface Field {
  readonly pvs: readonly PvSpec[]
  readonly batteries: readonly BatterySpec[]
  readonly evs: readonly EvSpec[]
  readonly panels: readonly PanelSpec[]
  readonly plants: readonly PlantSpec[]
  readonly meters: readonly MeterSpec[]
  readonly section: SwitchSpec
  readonly tie: SwitchSpec
}

/** How many of each; the first ones are always the same. */
export interface FieldSize {
  readonly panels: number
  readonly meters: number
  readonly evs: number
}

export const defaultSize: FieldSize = { panels: 10, meters: 20, evs: 4 }

/** São Paulo. */
export const place: Place = { latitude: -23.55, longitude: -46.63 }

const parentFeederId = 'feeder-00'
export const feederIds = ['feeder-01', 'feeder-02'] as const
/** The sectionalizing switch of feeder-01, and the tie between both feeders. */
export const switchIds = ['sw-001', 'sw-002'] as const

const pv: PvSpec = { id: 'pv-001', siteId: 'house-01', feederId: 'feeder-01', parentFeederId, pMaxKw: 5, priority: 10 }

const battery: BatterySpec = {
  id: 'bat-001',
  siteId: 'house-01',
  feederId: 'feeder-01',
  parentFeederId,
  pMaxKw: 4,
  priority: 20,
  capacityKwh: 10,
  minSoc: 0.1,
  maxSoc: 0.95,
  efficiency: 0.95,
}

/** 6 A at 230 V, the least that an AC charge point may offer a car (IEC 61851-1). */
const fallbackKw = 1.4

const evPoints = [
  { siteId: 'house-02', feederId: 'feeder-01', pMaxKw: 3.7, capacityKwh: 38, priority: 40 },
  { siteId: 'house-05', feederId: 'feeder-01', pMaxKw: 7.4, capacityKwh: 52, priority: 50 },
  { siteId: 'office-01', feederId: 'feeder-02', pMaxKw: 11, capacityKwh: 60, priority: 60 },
  { siteId: 'mall-01', feederId: 'feeder-02', pMaxKw: 22, capacityKwh: 75, priority: 30 },
] as const

type MeterPoint = Pick<
  MeterSpec,
  'siteId' | 'phases' | 'nominalV' | 'customer' | 'peakKw' | 'distance' | 'aggregation' | 'instrument'
>

const home = (
  siteId: string,
  phases: 1 | 2 | 3,
  peakKw: number,
  distance: number,
  nominalV: 127 | 220 = 127,
): MeterPoint => ({ siteId, phases, nominalV, customer: 'home', peakKw, distance, aggregation: 'instant' })

/** Large customers are metered by effective values over whole minutes. */
const business = (siteId: string, peakKw: number, distance: number, nominalV: 127 | 220 = 127): MeterPoint => ({
  siteId,
  phases: 3,
  nominalV,
  customer: 'business',
  peakKw,
  distance,
  aggregation: 'rms',
})

/**
 * The first half hangs on feeder-01, the second on feeder-02, each with an instrument of voltage quality; the last home has a weak
 * supply on purpose.
 */
const meterPoints: readonly MeterPoint[] = [
  home('house-01', 2, 4.5, 0.3),
  home('house-02', 2, 4, 0.4),
  home('house-03', 1, 2.2, 0.45),
  home('house-04', 1, 1.8, 0.5),
  home('house-05', 3, 5.5, 0.55),
  home('house-06', 1, 2, 0.7, 220),
  home('house-07', 2, 3.6, 0.75),
  home('house-08', 1, 2.5, 0.85),
  home('house-09', 3, 6, 0.9, 220),
  { ...business('bakery-01', 12, 0.6), instrument: true },
  business('office-01', 25, 0.2, 220),
  { ...business('mall-01', 40, 0.25, 220), instrument: true },
  business('school-01', 15, 0.35),
  home('house-10', 1, 2.1, 0.5),
  home('house-11', 2, 3.8, 0.6),
  home('house-12', 1, 1.6, 0.65),
  home('house-13', 3, 5, 0.8),
  home('house-14', 2, 3.4, 0.9),
  home('house-15', 1, 2.3, 1, 220),
  home('house-16', 1, 2.4, 1.5),
]

/**
 * The default field, grown or shrunk to a size: beyond the named devices the same kinds come again, each elsewhere.
 * @param meterIntervalS  every meter sends the effective values of so long each, s; each its own way unless given
 * @param plants  solar plants beside it
 */
export function fieldOf(size: FieldSize, meterIntervalS?: number, plants: readonly PlantSpec[] = []): Field {
  return {
    pvs: [pv],
    batteries: [battery],
    evs: many(size.evs, (index) => {
      const { siteId, ...point } = evPoints[index % evPoints.length]!
      return { ...point, id: numbered('ev', index), siteId: again(siteId, index, evPoints), parentFeederId, fallbackKw }
    }),
    panels: many(size.panels, (index) => {
      const siteId = again('school-01', index, { length: 10 })
      const location = `${siteId}, roof`
      return { id: numbered('panel', index), siteId, feederId: 'feeder-02', location, ratedW: 400, ratedV: 47 }
    }),
    plants,
    meters: many(size.meters, (index) => {
      const { siteId, ...point } = meterPoints[index % meterPoints.length]!
      return {
        ...point,
        id: numbered('meter', index),
        siteId: again(siteId, index, meterPoints),
        feederId: index % meterPoints.length < meterPoints.length / 2 ? 'feeder-01' : 'feeder-02',
        intervalS: meterIntervalS ?? (point.aggregation === 'rms' ? 60 : 5),
        aggregation: meterIntervalS === undefined ? point.aggregation : 'rms',
      }
    }),
    section: { id: switchIds[0], feederId: 'feeder-01', normally: 'closed' },
    tie: { id: switchIds[1], feederId: 'feeder-02', normally: 'open' },
  }
}

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

const numbered = (kind: string, index: number) => `${kind}-${String(index + 1).padStart(3, '0')}`

/** The site's own name the first time round, one with a suffix afterwards: `house-05`, then `house-05-2`. */
function again(siteId: string, index: number, points: { readonly length: number }): string {
  const round = Math.floor(index / points.length) + 1
  return round === 1 ? siteId : `${siteId}-${round}`
}
