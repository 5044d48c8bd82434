import { dailyCurve } from '../devices/meter.ts'
import { clamp, wander, type Draw } from '../draw.ts'
import { localHour } from '../sky.ts'
import { lines, type TownFeeder } from './town-plan.ts'

/** What nobody steers, on each line: wanders around zero with standard deviation one. */
export type BaseLoad = readonly [number, number, number]

/** By so much a feeder's load strays from its curve, and so long it remembers that, s. */
const DEVIATION = 0.05
const MEMORY_S = 900

export const firstBaseLoad = (draw: Draw): BaseLoad => [draw.normal(), draw.normal(), draw.normal()]

export const stepBaseLoad = (load: BaseLoad, draw: Draw, dtS: number): BaseLoad => [
  wander(load[0], draw, dtS, MEMORY_S),
  wander(load[1], draw, dtS, MEMORY_S),
  wander(load[2], draw, dtS, MEMORY_S),
]

/** What nobody steers on a feeder itself, without those below it, by line, kW. */
export function baseLoadKw(feeder: TownFeeder, load: BaseLoad, at: number): [number, number, number] {
  const hour = localHour(at)
  const curve = feeder.homes * dailyCurve('home', hour) + (1 - feeder.homes) * dailyCurve('business', hour)
  const of = (line: number) =>
    feeder.basePeakKw * feeder.shares[line]! * curve * Math.exp(DEVIATION * clamp(load[line]!, -3, 3))
  return lines.map((_, line) => of(line)) as [number, number, number]
}
