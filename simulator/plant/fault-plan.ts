import type { Draw } from '../draw.ts'
import { sunPosition } from '../sky.ts'
import type { DayWeather } from './day-weather.ts'
import { faultKinds, type FaultEpisode, type FaultKind, type FaultSize, type ShadingObject } from './fault-kinds.ts'
import type { Plant } from './plant-layout.ts'

/** When faults may come, to which plant and under which weather. */
export interface FaultPlanInputs {
  readonly plant: Plant
  readonly weathers: readonly DayWeather[]
  /** Beginning of the first civil day, UTC milliseconds. */
  readonly start: number
  /** Days without any fault at first: a plant is handed over in order. */
  readonly healthyDays: number
  /** How many causes of each kind. */
  readonly episodes: Readonly<Partial<Record<FaultKind, number>>>
  readonly draw: Draw
}

/** Rain that washes off even what sticks, mm. */
export const HEAVY_RAIN_MM = 12
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Between two faults of the same panel. */
const REST_MS = 10 * DAY_MS
/** Share of the panels with something at the same time. */
const MOST_BEFALLEN = 0.4
const TRIES = 300

/** What takes longest and what needs most panels looks for its place first. */
const order: readonly FaultKind[] = [
  ...(['degradation', 'soiling', 'string_open', 'shading', 'short_circuit', 'clipping', 'low_voltage'] as const),
  ...(['hot_spot', 'zero_output', 'stuck_sensor', 'out_of_range', 'inverter_trip'] as const),
]

/** A year of a plant of 50 panels: how many causes of each kind. */
export const usualEpisodes: Readonly<Record<FaultKind, number>> = {
  ...{ soiling: 5, shading: 6, string_open: 5, short_circuit: 6, degradation: 4, hot_spot: 6 },
  ...{ stuck_sensor: 7, inverter_trip: 6, zero_output: 7, clipping: 6, low_voltage: 6, out_of_range: 7 },
}

/**
 * Places faults in the year, so that no panel has two at once but for trips of the inverter, which concern all. A cause
 * that finds no place (no dry weeks for dirt, all panels taken) is left out.
 */
export function planFaults(inputs: FaultPlanInputs): FaultEpisode[] {
  const planned: FaultEpisode[] = []
  for (const kind of order) {
    for (let count = inputs.episodes[kind] ?? 0; count > 0; count--) {
      const placed = place(kind, inputs, planned)
      if (placed) planned.push({ ...placed, episode: planned.length + 1 })
    }
  }
  return planned.sort((one, other) => one.from - other.from)
}

type Unnumbered = Omit<FaultEpisode, 'episode'>

function place(kind: FaultKind, inputs: FaultPlanInputs, planned: readonly FaultEpisode[]): Unnumbered | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const candidate = propose(kind, inputs)
    if (!candidate) continue
    const fits =
      kind === 'inverter_trip'
        ? isApart(candidate, planned)
        : isFree(candidate, planned) && leavesMostAlone(candidate, planned, inputs.plant.panels.length)
    if (fits) return candidate
  }
  return undefined
}

const isFree = (candidate: Unnumbered, planned: readonly FaultEpisode[]): boolean =>
  !planned.some(
    ({ panelIds, from, to }) =>
      from < candidate.to + REST_MS &&
      candidate.from < to + REST_MS &&
      panelIds.some((id) => candidate.panelIds.includes(id)),
  )

/** Most panels are in order at any time; only a single cause may befall more. */
function leavesMostAlone(candidate: Unnumbered, planned: readonly FaultEpisode[], panels: number): boolean {
  const beside = planned.filter(({ from, to }) => from < candidate.to && candidate.from < to)
  const befallen = beside.reduce((sum, { panelIds }) => sum + panelIds.length, candidate.panelIds.length)
  return beside.length === 0 || befallen <= MOST_BEFALLEN * panels
}

/** What begins or ends while everything stands still could not be told from it. */
const isApart = (candidate: Unnumbered, planned: readonly FaultEpisode[]): boolean =>
  !planned.some(
    ({ from, to }) =>
      [from, to].some((at) => at > candidate.from - DAY_MS && at < candidate.to + DAY_MS) &&
      from < candidate.to + DAY_MS,
  )

function propose(kind: FaultKind, inputs: FaultPlanInputs): Unnumbered | undefined {
  const { weathers, start, healthyDays, draw } = inputs
  const days = weathers.length
  const [least, most] = DAYS[kind]
  if (days <= healthyDays + least) return undefined
  const firstDay = healthyDays + draw.uniform() * (days - healthyDays - least)
  const from = Math.round((start + firstDay * DAY_MS) / HOUR_MS) * HOUR_MS
  const lasting = Math.min(least + draw.uniform() * (most - least), days - firstDay)
  const to = kind === 'soiling' ? endOfDirt(inputs, from, lasting) : from + Math.round(lasting * 24) * HOUR_MS
  if (to === undefined) return undefined
  if (kind === 'stuck_sensor' && !isBright(from, inputs)) return undefined
  if (to - from < DAY_MS && !isBright((from + to) / 2, inputs)) return undefined
  const size = sizeIn(kind, inputs, (from + to) / 2)
  return size && { panelIds: panelsOf(kind, inputs), from, to, size }
}

/** How long each kind lasts, days. */
const DAYS: Readonly<Record<FaultKind, readonly [least: number, most: number]>> = {
  ...{ soiling: [20, 55], shading: [25, 70], string_open: [0.5, 4], short_circuit: [5, 25], degradation: [140, 320] },
  ...{ hot_spot: [8, 30], stuck_sensor: [0.5, 5], inverter_trip: [0.2, 1.2], zero_output: [0.7, 8] },
  ...{ clipping: [8, 25], low_voltage: [6, 25], out_of_range: [0.3, 4] },
}

/** Dirt stays until rain or somebody takes it off; weeks are needed until it is worth the name. */
function endOfDirt({ weathers, start }: FaultPlanInputs, from: number, lasting: number): number | undefined {
  const firstDay = Math.floor((from - start) / DAY_MS)
  const rain = weathers.findIndex(({ rainMm }, day) => day >= firstDay && rainMm >= HEAVY_RAIN_MM)
  const until = rain < 0 ? weathers.length : rain + 1
  const end = Math.min(until, firstDay + lasting)
  return end - firstDay < DAYS.soiling[0] ? undefined : Math.round(start + end * DAY_MS)
}

/**
 * A sensor freezes on a value of the day: frozen at night it would look like a dead panel. And what is over within hours
 * has some of the day, or it was nothing.
 */
const isBright = (at: number, { plant }: FaultPlanInputs): boolean =>
  sunPosition(at, plant.facts.place).elevation > 0.35

function panelsOf(kind: FaultKind, { plant, draw }: FaultPlanInputs): string[] {
  const first = Math.floor(draw.uniform() * plant.panels.length)
  const chance = draw.uniform()
  if (kind === 'inverter_trip') return plant.panels.map(({ id }) => id)
  if (kind === 'string_open') {
    const { string } = plant.panels[first]!
    return plant.panels.filter((panel) => panel.string === string).map(({ id }) => id)
  }
  // what falls on a roof seldom falls on one panel alone
  const several = kind === 'soiling' || kind === 'shading' ? 1 + Math.floor(3 * chance) : 1
  return plant.panels.slice(first, first + several).map(({ id }) => id)
}

function sizeIn(kind: FaultKind, inputs: FaultPlanInputs, middle: number): FaultSize | undefined {
  if (kind !== 'shading') return sizeOf(kind, inputs.draw)
  const object = objectBefore(inputs, middle)
  return object && { kind, object }
}

/** How bad a fault is, as the draws give it; shading takes an object. */
export function sizeOf(kind: Exclude<FaultKind, 'shading'>, draw: Draw): FaultSize {
  const between = (low: number, high: number) => low + (high - low) * draw.uniform()
  switch (kind) {
    case 'soiling':
      return { kind, lossPerDay: between(0.004, 0.008) }
    case 'degradation':
      return { kind, lossPerDay: between(0.0005, 0.0009) }
    case 'short_circuit':
      return { kind, substrings: 1 }
    case 'hot_spot':
      return { kind, hotterC: between(14, 30), loss: between(0.03, 0.08) }
    case 'clipping':
      return { kind, capShare: between(0.35, 0.6) }
    case 'low_voltage':
      return { kind, dropShare: between(0.12, 0.26) }
    case 'stuck_sensor':
      return { kind, measures: oneOf(['all', 'all', 'electric', 'temperature'] as const, draw) }
    case 'out_of_range': {
      const [measure, shown] = oneOf(RAILS, draw)
      return { kind, measure, shown }
    }
    default:
      return { kind }
  }
}

/** Where the scales of sensors end. */
const RAILS = [
  ...([['temperature', -40] as const, ['temperature', 125] as const, ['temperature', 150] as const] as const),
  ...([
    ['voltage', 66] as const,
    ['voltage', 99.9] as const,
    ['current', 20] as const,
    ['current', 25] as const,
  ] as const),
] as const

const oneOf = <T>(choices: readonly T[], draw: Draw): T => choices[Math.floor(draw.uniform() * choices.length)]!

/** An object in the way of the sun of that season, in the morning or in the afternoon. */
function objectBefore({ plant, draw }: FaultPlanInputs, middle: number): ShadingObject | undefined {
  const substrings = 1 + Math.floor(3 * draw.uniform())
  const halfWidthDeg = 10 + 12 * draw.uniform()
  const at = middle + (draw.uniform() - 0.5) * DAY_MS
  const { elevation, azimuth } = sunPosition(at, plant.facts.place)
  const [elevationDeg, azimuthDeg] = [(elevation * 180) / Math.PI, (azimuth * 180) / Math.PI]
  if (elevationDeg < 22 || elevationDeg > 42) return undefined
  return { azimuthDeg, halfWidthDeg, topDeg: elevationDeg + 8, substrings }
}

/** The usual number of causes for so many days of such a plant: at least one of each kind. */
export function episodesFor(days: number, panels: number): Record<FaultKind, number> {
  const share = (days / 365) * Math.min(1, panels / 50)
  return Object.fromEntries(
    faultKinds.map((kind) => [kind, Math.max(1, Math.round(usualEpisodes[kind] * share))]),
  ) as Record<FaultKind, number>
}
