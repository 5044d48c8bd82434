import type { Expected, Panel, PanelSample, Plant } from '../plant.ts'
import { irradianceOf, standardConditions } from '../pvwatts.ts'
import { type ClearSky, clearSky } from './clear-sky.ts'
import { indexOfPlane, underClouds } from './cloudy-sky.ts'
import { measuredSky, type SensorReading } from './measured-sky.ts'
import { type Orientation, planeOfArray, totalWm2 } from './plane-of-array.ts'
import { skyGate, type Witness } from './sky-gate.ts'
import type { Sun } from './sun.ts'

/** Irradiance that is taken for the one of a panel, and where it is from. */
export type Irradiance = Pick<Expected, 'irradianceWm2' | 'basis'>

/** What is known of the light on a site over 5 minutes. */
export interface SiteIrradiance {
  /** In the plane of a panel; null: nobody can tell. */
  of(panel: Panel): Irradiance | null
  /** In the plane of a panel under a sky without clouds, W/m²; null without place. */
  clearSkyOf(panel: Panel): number | null
}

/** Less of a clear sky is dusk, where the smallest error of an angle is large: panels say nothing of clouds there, W/m². */
const duskWm2 = 20
/** A panel that shows more of its rating is at fault itself, and no witness of the sky. */
const mostOfRating = 1.3
/** Edges of clouds add a third to the clear sky over 5 minutes, and to a plane that turns its back what they throw onto it, W/m². */
const mostLight = { factor: 1.3, wm2: 150 }
/** Where so many others hang alike, what planes that hang otherwise make of the sky adds nothing. */
const enoughAlike = 5

/**
 * Planes that see less of a clear sky than this, of what falls on the ground, say nothing of clouds to others: they see hardly any sun, and
 * passing clouds light them rather.
 */
const leastSunny = 0.7

/** Panels that hang alike see the same light. */
interface Plane {
  readonly orientation: Orientation
  /** Irradiance under a sky without clouds, W/m²; where nobody knows the place 1000 W/m². */
  readonly referenceWm2: number
  /** What its panels and sensors make of the sky, by the reference. */
  readonly witnesses: Witness[]
  readonly sensors: SensorReading[]
}

/** A sky that is known but for its clouds. */
interface Overhead {
  readonly sun: Sun
  readonly clear: ClearSky
}

/**
 * Gathers what panels and sensors of a site make of the sky.
 * @param sun     over the site; null: nobody knows where it is
 * @param cellOf  temperature of the cells of a panel, °C; null: no sensor tells it
 */
export function siteIrradiance(
  { panels }: Pick<Plant, 'panels'>,
  sun: Sun | null,
  samples: ReadonlyMap<string, PanelSample>,
  cellOf: (panelId: string) => number | null,
): SiteIrradiance {
  const overhead = sun && { sun, clear: clearSky(sun) }
  const planes = planesOf(panels, overhead)
  const planeOf = (panel: Panel): Plane => planes.get(keyOf(panel, overhead))!
  for (const panel of panels) {
    const sample = samples.get(panel.panelId)
    const plane = planeOf(panel)
    if (sample && plane.referenceWm2 >= duskWm2) hear(plane, panel, sample, cellOf(panel.panelId))
  }
  const told = overhead && planes.size > 1 ? acrossPlanes([...planes.values()], overhead) : withinPlane(planes)
  return {
    clearSkyOf: (panel) => (overhead === null ? null : planeOf(panel).referenceWm2),
    of(panel) {
      const plane = planeOf(panel)
      const cloudless: Irradiance = { irradianceWm2: plane.referenceWm2, basis: 'clear-sky' }
      if (plane.referenceWm2 < duskWm2) return cloudless
      return told(panel.panelId, plane) ?? (overhead === null ? null : cloudless)
    },
  }
}

/** Without a place nobody can tell what another orientation makes of the same sky: it is as if all hung alike. */
const keyOf = ({ tiltDeg, azimuthDeg }: Orientation, overhead: Overhead | null): string =>
  overhead === null ? '' : `${tiltDeg} ${azimuthDeg}`

function planesOf(panels: readonly Panel[], overhead: Overhead | null): ReadonlyMap<string, Plane> {
  const planes = new Map<string, Plane>()
  for (const orientation of panels) {
    const key = keyOf(orientation, overhead)
    if (planes.has(key)) continue
    const referenceWm2 = overhead
      ? totalWm2(planeOfArray(overhead.clear, overhead.sun, orientation))
      : standardConditions.irradianceWm2
    planes.set(key, { orientation, referenceWm2, witnesses: [], sensors: [] })
  }
  return planes
}

/** Takes down what a panel and its sensor say, where it can be true. */
function hear(plane: Plane, panel: Panel, { powerW, irradianceWm2 }: PanelSample, cellC: number | null): void {
  const { panelId, ratedW } = panel
  const { referenceWm2, witnesses, sensors } = plane
  const mostWm2 = referenceWm2 * mostLight.factor + mostLight.wm2
  if (powerW !== null && powerW >= 0 && powerW <= ratedW * mostOfRating) {
    const impliedWm2 = irradianceOf(panel, powerW, cellC)
    if (impliedWm2 <= mostWm2) witnesses.push({ panelId, index: impliedWm2 / referenceWm2 })
  }
  if (irradianceWm2 !== null && irradianceWm2 <= mostWm2) sensors.push({ panelId, index: irradianceWm2 / referenceWm2 })
}

/** What tells the irradiance of a panel, from the best there is; null: nothing does. */
type Told = (panelId: string, plane: Plane) => Irradiance | null

/** Sensors and siblings where all hang alike. */
function withinPlane(planes: ReadonlyMap<string, Plane>): Told {
  const heard = new Map([...planes.values()].map((plane) => [plane, heardIn(plane)]))
  return (panelId, plane) => {
    const { gate, measured } = heard.get(plane)!
    return (
      inPlane(plane, measured && (measured.own.get(panelId) ?? measured.ofSite), 'measured') ??
      inPlane(plane, gate(panelId), 'siblings')
    )
  }
}

/** The same where they hang differently: those that hang alike first, then all, by what each makes of the clouds. */
function acrossPlanes(planes: readonly Plane[], { sun, clear }: Overhead): Told {
  const heard = new Map(planes.map((plane) => [plane, heardIn(plane, enoughAlike)]))
  const sunny = planes.filter(({ referenceWm2 }) => referenceWm2 >= leastSunny * clear.globalWm2)
  const site = once(() => {
    const cloudsOf = (pick: 'witnesses' | 'sensors') =>
      sunny.flatMap(({ orientation, referenceWm2, [pick]: told }) =>
        told.map(({ panelId, index }) => ({
          panelId,
          index: indexOfPlane(clear, sun, orientation, index * referenceWm2),
        })),
      )
    return heardIn({ witnesses: cloudsOf('witnesses'), sensors: cloudsOf('sensors') })
  })
  const carried = ({ orientation }: Plane, index: number | null, basis: Irradiance['basis']): Irradiance | null =>
    index === null ? null : { irradianceWm2: underClouds(clear, sun, orientation, index), basis }
  const hasSensors = sunny.some(({ sensors }) => sensors.length > 0)
  return (panelId, plane) => {
    const { gate, measured } = heard.get(plane)!
    return (
      inPlane(plane, measured && (measured.own.get(panelId) ?? measured.ofSite), 'measured') ??
      (hasSensors ? carried(plane, site().measured?.ofSite ?? null, 'measured') : null) ??
      inPlane(plane, gate(panelId), 'siblings') ??
      carried(plane, site().gate(panelId), 'siblings')
    )
  }
}

const inPlane = ({ referenceWm2 }: Plane, index: number | null, basis: Irradiance['basis']): Irradiance | null =>
  index === null ? null : { irradianceWm2: index * referenceWm2, basis }

/** @param fewest  siblings that have to tell the sky; a sensor is held against three of them */
function heardIn({ witnesses, sensors }: Pick<Plane, 'witnesses' | 'sensors'>, fewest?: number) {
  return { gate: skyGate(witnesses, fewest), measured: measuredSky(sensors, skyGate(witnesses)(null)) }
}

function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined
  return () => (done ??= { value: work() }).value
}
