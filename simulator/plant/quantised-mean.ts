import type { Draw } from '../draw.ts'

/**
 * The mean of many readings of one value with noise, each rounded to a resolution, without making them one by one. Where the noise is
 * small against the resolution they are all the same, and so is their mean: exactly that number.
 * @param value     what is measured
 * @param noise     standard deviation of a reading; less than the resolution, or not much more
 * @param readings  how many
 */
export function quantisedMean(value: number, noise: number, resolution: number, readings: number, draw: Draw): number {
  const level = Math.round(value / resolution)
  const z = draw.normal()
  if (noise <= 0) return level * resolution
  // chances that a reading is rounded k levels up or down: of k and beyond
  let [mean, square] = [0, 0]
  for (let step = 1; step <= 4; step++) {
    const up = normalBelow((value - (level + step - 0.5) * resolution) / noise)
    const down = normalBelow(((level - step + 0.5) * resolution - value) / noise)
    mean += up - down
    square += (2 * step - 1) * (up + down)
  }
  const deviation = Math.sqrt(Math.max(0, square - mean * mean) / readings)
  const whole = Math.round((level + mean + deviation * z) * readings) / readings
  return whole * resolution
}

/** Chance that a standard normal lies below. Source: Abramowitz and Stegun (1964), 26.2.17. */
function normalBelow(x: number): number {
  if (x < -6) return 0
  if (x > 6) return 1
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = 0.3989422804 * Math.exp((-x * x) / 2) * series
  return x < 0 ? tail : 1 - tail
}
