import type { Expected, Panel, PanelSample, Plant } from '../plant.ts'
import type { AnomalyChange } from './anomaly.ts'
import type { PanelView } from './panel-view.ts'
import { detect } from './detect.ts'
import { sampleMs as slotMs } from '../expected-power.ts'
import type { Slot } from './slot.ts'
import { emptySiteState, type SiteState } from './state.ts'

const dayMs = 86_400_000
/** Noon of the sun is noon of UTC here. */
const place = { latitude: -23.5, longitude: 0 }
/** 2026-01-05, UTC milliseconds. */
const firstDay = 1_767_571_200_000

const panel = (panelId: string, changes: Partial<Panel> = {}): Panel => ({
  ...{ panelId, siteId: 'site-1', place, ratedW: 400, tiltDeg: 23.5, azimuthDeg: 0, gammaPerC: -0.0035, noctC: 45 },
  ...{ ratedV: 41, clipsAtW: null, installedAt: null },
  ...changes,
})

export const plantOf = (count: number): Plant => ({
  ...{ siteId: 'site-1', place, panels: Array.from({ length: count }, (_, index) => panel(`p-${index + 1}`)) },
  ...{ inverterLimitW: null, tariffBrlPerKwh: null, cleaningCostBrl: null },
})

/** Where a slot is: its day counted from `firstDay`, and the hour of the day. */
export interface When {
  readonly day: number
  readonly hour: number
}

export interface Sky {
  /** Of a clear sky, 0…1. */
  readonly index: number
  readonly basis?: Expected['basis']
}

export type SkyOf = (when: When) => Sky
/** What a panel reports instead of a healthy sample; undefined: nothing at all. */
export type Report = (panelId: string, when: When, healthy: PanelSample) => PanelSample | undefined

export interface Story {
  readonly panels?: number
  readonly days: number
  readonly sky?: SkyOf
  readonly report?: Report
  readonly score?: (panelId: string, when: When) => number | null
}

/** A healthy sample: power, voltage and current that belong together, with half a percent of noise that is always the same. */
function healthySample(one: Panel, at: number, expected: Expected, seed: number): PanelSample {
  const noise = 1 + 0.005 * Math.sin(seed * 12.9898 + at / 7e5)
  const powerW = expected.powerW * noise
  const lit = expected.irradianceWm2 > 0
  const voltageV = lit ? one.ratedV * (1 - 0.003 * (expected.cellC - 25)) * (2 - noise) : 0
  return {
    ...{ at, powerW, voltageV, currentA: lit ? powerW / voltageV : 0, samples: 300, irradianceWm2: null },
    temperatureC: expected.cellC + Math.sin(seed + at / 9e5),
    ...{ lowestW: powerW * 0.99, highestW: powerW * 1.01 },
  }
}

/** What is expected at an instant: a sun of half a sine over twelve hours. */
function expectedAt(one: Panel, hour: number, { index, basis = 'siblings' }: Sky): Expected {
  const height = Math.sin((Math.PI * (hour - 6)) / 12)
  const clearSkyWm2 = height > 0 ? 1_000 * height : 0
  const irradianceWm2 = clearSkyWm2 * index
  const cellC = 22 + irradianceWm2 / 40
  return {
    powerW: (one.ratedW * irradianceWm2 * (1 + one.gammaPerC * (cellC - 25))) / 1_000,
    ...{ irradianceWm2, clearSkyWm2, basis, cellC, isClipped: false, sunElevationDeg: 80 * height },
    isDaylight: irradianceWm2 >= 50 && 80 * height >= 5,
  }
}

const isNight = (at: number): boolean => (at + 5 * 3_600_000) % dayMs < 8.5 * 3_600_000

/** The slots of a story, in order. */
export function* slotsOf(story: Story, plant: Plant = plantOf(story.panels ?? 6)): Generator<Slot> {
  const sky = story.sky ?? (() => ({ index: 1 }))
  for (let at = firstDay; at < firstDay + story.days * dayMs; at += slotMs) {
    // Nights are long, and all alike: one slot of each hour says what there is to say.
    if (isNight(at) && at % 3_600_000 !== 0) continue
    const when = { day: Math.floor((at - firstDay) / dayMs), hour: ((at - firstDay) % dayMs) / 3_600_000 }
    const panels = new Map<string, PanelSample>()
    const expected = new Map<string, Expected>()
    const forestScores = new Map<string, number | null>()
    for (const [index, one] of plant.panels.entries()) {
      const wanted = expectedAt(one, when.hour, sky(when))
      const healthy = healthySample(one, at, wanted, index + 1)
      const sample = story.report ? story.report(one.panelId, when, healthy) : healthy
      if (sample) panels.set(one.panelId, sample)
      expected.set(one.panelId, wanted)
      forestScores.set(one.panelId, story.score?.(one.panelId, when) ?? null)
    }
    yield { at, panels, expected, forestScores }
  }
}

/** Plays a story through `detect`: all changes. The state goes through JSON at midnight, as storage does to it. */
export function play(story: Story): { changes: AnomalyChange[]; state: SiteState; condemned: number } {
  const plant = plantOf(story.panels ?? 6)
  let state = emptySiteState
  let condemned = 0
  const changes: AnomalyChange[] = []
  for (const slot of slotsOf(story, plant)) {
    const found = detect(
      (slot.at - firstDay) % dayMs === 0 ? (JSON.parse(JSON.stringify(state)) as SiteState) : state,
      slot,
      plant,
    )
    state = found.state
    changes.push(...found.changes)
    condemned += found.condemned.size
  }
  return { changes, state, condemned }
}

/** Changes as `begun string_open p-1`. */
export const said = (changes: readonly AnomalyChange[]): string[] =>
  changes.map(({ change, anomaly }) => `${change} ${anomaly.kind} ${anomaly.panelId ?? anomaly.siteId}`)

/** Hours from `firstDay` to when a change was found. */
export const hoursTo = ({ at }: AnomalyChange): number => (at - firstDay) / 3_600_000

/** A view of a panel at noon that is well, but for `changes`; its sample and expectation but for theirs. */
export function viewOf(
  changes: Partial<PanelView> = {},
  sample: Partial<PanelSample> = {},
  expected: Partial<Expected> = {},
): PanelView {
  const healthy: PanelSample = {
    ...{ at: firstDay + 12 * 3_600_000, temperatureC: 45, voltageV: 38, currentA: 10, powerW: 380 },
    ...{ lowestW: 378, highestW: 382, samples: 300, irradianceWm2: null },
  }
  const wanted: Expected = {
    ...{ powerW: 380, irradianceWm2: 1_000, clearSkyWm2: 1_000, basis: 'siblings', cellC: 45, isClipped: false },
    ...{ sunElevationDeg: 80, isDaylight: true },
  }
  return {
    ...{ panel: panel('p-1'), at: healthy.at, sample: { ...healthy, ...sample }, expected: { ...wanted, ...expected } },
    ...{ isJudged: true, siblings: 5, wantedW: 380, wantedA: 10, power: 1, voltage: 1, current: 1, warmerC: 0 },
    ...changes,
  }
}
