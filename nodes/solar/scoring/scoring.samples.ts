import { featureRows } from '../domain/forest/features.ts'
import type { Rows } from '../domain/forest/rows.ts'
import type { PanelSample } from '../domain/plant.ts'

/** Healthy 5-minute means of a panel, from an instant on: the sun comes and goes every ten hours, without a night. */
export const healthySample = (n: number, from = 0): PanelSample => {
  const irradianceWm2 = 550 + 400 * Math.sin((2 * Math.PI * n) / 120) + 40 * Math.sin(n * n)
  const temperatureC = 25 + irradianceWm2 / 35 + Math.sin(n)
  const voltageV = 41 - 0.1 * (temperatureC - 25) + 0.2 * Math.cos(5 * n)
  const currentA = (9.8 * irradianceWm2) / 1_000
  const powerW = voltageV * currentA * (1 + 0.004 * Math.sin(3 * n))
  return { at: from + n * 300_000, temperatureC, voltageV, currentA, powerW, samples: 300, irradianceWm2 }
}

/** Features of so many of them. */
export const cloudRows = (count: number): Rows => featureRows(Array.from({ length: count }, (_, n) => healthySample(n)))
