import type { PanelSample } from '../plant.ts'
import { rowsOf, type Rows } from './rows.ts'

/** What the forest sees of a sample, in the order of the columns. */
export const forestFeatures = ['temperature', 'voltage', 'current', 'power', 'powerPerVoltAmpere'] as const

type Measured = Pick<PanelSample, 'temperatureC' | 'voltageV' | 'currentA' | 'powerW'>

/**
 * The features of samples: temperature (°C), voltage (V), current (A), power (W, generation positive) and power / (voltage · current),
 * which is missing where that product is 0 or one of the three is, never NaN.
 * @throws RangeError if a measure is not finite
 */
export function featureRows(samples: readonly Measured[]): Rows {
  return rowsOf(
    forestFeatures.length,
    samples.map((sample) => {
      const { temperatureC, voltageV, currentA, powerW } = checked(sample)
      return [temperatureC, voltageV, currentA, powerW, powerPerVoltAmpere(sample)]
    }),
  )
}

/** 1 where the three measures agree; null where it cannot be said. */
export function powerPerVoltAmpere({ voltageV, currentA, powerW }: Omit<Measured, 'temperatureC'>): number | null {
  if (voltageV === null || currentA === null || powerW === null) return null
  const ratio = powerW / (voltageV * currentA)
  // Of 0 / 0 and x / 0 nothing is known, nor of a product so small that the ratio is beyond all numbers.
  return Number.isFinite(ratio) ? ratio : null
}

function checked(sample: Measured): Measured {
  for (const measure of ['temperatureC', 'voltageV', 'currentA', 'powerW'] as const) {
    const value = sample[measure]
    if (value !== null && !Number.isFinite(value)) throw new RangeError(`${measure} of a sample is ${value}`)
  }
  return sample
}
