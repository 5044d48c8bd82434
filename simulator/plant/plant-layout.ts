import { noiseFactor, type Draw } from '../draw.ts'
import type { Place } from '../sky.ts'
import type { ModuleTruth } from './module.ts'

/** What a panel's sensor adds to what it measures; calibrated once, in the factory. */
export interface SensorTruth {
  readonly voltsShare: number
  readonly amperesShare: number
  readonly offsetC: number
}

export interface PlantPanel {
  readonly id: string
  /** Number of its string, from 0. */
  readonly string: number
  readonly module: ModuleTruth
  readonly sensor: SensorTruth
  /** How late the edge of a cloud reaches it, share of a minute. */
  readonly cloudLag: number
}

/** A plant as its registry has it: one orientation, one inverter, panels in strings, electronics at every panel. */
export interface PlantFacts {
  readonly siteId: string
  readonly place: Place
  readonly tiltDeg: number
  /** From north over east. */
  readonly azimuthDeg: number
  /** W, V at the maximum power point under standard test conditions. */
  readonly ratedW: number
  readonly ratedV: number
  /** Power coefficient and nominal operating cell temperature of the data sheet. */
  readonly gammaPerC: number
  readonly noctC: number
  /** Share of the inverter that falls to one panel, W. */
  readonly clipsAtW: number
}

export interface Plant {
  readonly facts: PlantFacts
  readonly panels: readonly PlantPanel[]
}

/** @param index  of the panel in its plant, from 0 */
export const panelIdOf = (siteId: string, index: number): string =>
  `${siteId}-panel-${String(index + 1).padStart(3, '0')}`

const radians = (degrees: number) => (degrees * Math.PI) / 180

/** The plant of every simulated year; what else a caller wants it says itself. */
export const usualFacts: PlantFacts = {
  siteId: 'plant-01',
  place: { latitude: -23.55, longitude: -46.63 },
  ...{ tiltDeg: 23, azimuthDeg: 0, ratedW: 400, ratedV: 41, gammaPerC: -0.0035, noctC: 45, clipsAtW: 350 },
}

/**
 * A plant with the spread that makes no two of its panels the same: rating (1.2 %), voltage, mounting (1°), sensors.
 * @param drawFor  stream of draws of a named thing
 */
export function plantOf(facts: PlantFacts, panels: number, perString: number, drawFor: (name: string) => Draw): Plant {
  return {
    facts,
    panels: Array.from({ length: panels }, (_, index) => {
      const id = panelIdOf(facts.siteId, index)
      const draw = drawFor(id)
      return {
        ...{ id, string: Math.floor(index / perString) },
        module: {
          ...{ ratedW: facts.ratedW, ratedV: facts.ratedV },
          ...{ currentShare: noiseFactor(draw, 0.012), voltageShare: noiseFactor(draw, 0.004) },
          tilt: radians(facts.tiltDeg + noiseFactor(draw, 0.7) - 1),
          azimuth: radians(facts.azimuthDeg + noiseFactor(draw, 1) - 1),
        },
        sensor: {
          ...{ voltsShare: noiseFactor(draw, 0.002), amperesShare: noiseFactor(draw, 0.004) },
          offsetC: noiseFactor(draw, 0.5) - 1,
        },
        cloudLag: 0.3 * draw.uniform(),
      }
    }),
  }
}
