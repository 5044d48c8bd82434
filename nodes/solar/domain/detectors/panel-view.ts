import type { Expected, Panel, PanelSample, Plant } from '../plant.ts'
import { median } from '../robust.ts'
import type { Slot } from './slot.ts'

/** A panel in one slot, beside what it should show. */
export interface PanelView {
  readonly panel: Panel
  readonly at: number
  readonly sample: PanelSample | null
  readonly expected: Expected | null
  /** Whether there is sun enough, and enough known, to judge what it generates. */
  readonly isJudged: boolean
  /** Other panels of its site that it is held against. */
  readonly siblings: number
  /** What it should generate by the sky that its siblings make out, W. */
  readonly wantedW: number
  /** What it should carry, A. */
  readonly wantedA: number
  /** Power, voltage and current against what they should be, 1 when all is well; `null` where nobody can tell. */
  readonly power: number | null
  readonly voltage: number | null
  readonly current: number | null
  /** Above the median of its siblings, °C. */
  readonly warmerC: number | null
}

/** Below these nothing but a value out of range is judged: the sun too low, or too weak in the plane of the panel. */
const leastElevationDeg = 5
const leastIrradianceWm2 = 50

/** So many panels beside it make a median worth holding a panel against. */
const leastSiblings = 3

/** Share of what it should generate below which a panel gives nothing. */
const nothing = 0.02

/** What the panels of a site that nothing is amiss with show in the median. */
interface SiteMedians {
  readonly panels: number
  readonly power: number
  readonly voltage: number
  readonly current: number
  readonly temperatureC: number | null
}

/**
 * Holds each panel of a site against what it should show.
 * @param isTrusted  whether a panel may count for the median: nothing is known to be amiss with it
 */
export function viewSite(slot: Slot, plant: Plant, isTrusted: (panelId: string) => boolean): PanelView[] {
  const raw = plant.panels.map((panel) => rawView(panel, slot))
  // A string that is open is half of a small site: what gives nothing says nothing of the sky.
  const alive = raw.filter(({ power }) => power === null || power >= nothing)
  const trusted = alive.filter(({ panel }) => isTrusted(panel.panelId))
  const reporting = raw.filter(({ power }) => power !== null).length
  const medians = mediansOf(trusted.filter(({ power }) => power !== null).length > leastSiblings ? trusted : alive)
  return raw.map((view) => against(view, medians, reporting))
}

function rawView(panel: Panel, slot: Slot): PanelView {
  const sample = slot.panels.get(panel.panelId) ?? null
  const expected = slot.expected.get(panel.panelId) ?? null
  const wantedW = expected?.powerW ?? 0
  const isJudged = expected !== null && isSunny(expected) && wantedW > 0
  const wantedA = wantedW / panel.ratedV
  const ratio = (value: number | null | undefined, wanted: number) =>
    isJudged && value !== null && value !== undefined ? value / wanted : null
  return {
    ...{ panel, at: slot.at, sample, expected, isJudged, siblings: 0, wantedW, wantedA },
    power: ratio(sample?.powerW, wantedW),
    voltage: ratio(sample?.voltageV, panel.ratedV),
    current: ratio(sample?.currentA, wantedA),
    warmerC: null,
  }
}

const isSunny = ({ isDaylight, sunElevationDeg, irradianceWm2 }: Expected): boolean =>
  isDaylight &&
  irradianceWm2 >= leastIrradianceWm2 &&
  (sunElevationDeg === null || sunElevationDeg >= leastElevationDeg)

function mediansOf(views: readonly PanelView[]): SiteMedians {
  const of = (pick: (view: PanelView) => number | null) => median(views.flatMap((view) => pick(view) ?? []))
  return {
    panels: views.filter(({ power }) => power !== null).length,
    power: of(({ power }) => power) ?? 1,
    voltage: of(({ voltage }) => voltage) ?? 1,
    current: of(({ current }) => current) ?? 1,
    temperatureC: of(({ sample }) => sample?.temperatureC ?? null),
  }
}

function against(view: PanelView, medians: SiteMedians, reporting: number): PanelView {
  const siblings = medians.panels - (view.power === null || view.power < nothing ? 0 : 1)
  if (siblings < leastSiblings) return alone({ ...view, siblings }, reporting)
  const { sample, power, voltage, current } = view
  return {
    ...{ ...view, siblings, wantedW: view.wantedW * medians.power, wantedA: view.wantedA * medians.current },
    power: power === null ? null : power / medians.power,
    voltage: voltage === null || medians.voltage <= 0 ? null : voltage / medians.voltage,
    current: current === null || medians.current <= 0 ? null : current / medians.current,
    warmerC:
      sample?.temperatureC == null || medians.temperatureC === null ? null : sample.temperatureC - medians.temperatureC,
  }
}

/**
 * Without siblings a clear sky is an upper bound and no measure; a sensor is one. Where siblings report and do not generate, it is
 * night, snow or the inverter of the site, which another rule tells apart.
 */
const alone = (view: PanelView, reporting: number): PanelView =>
  view.expected?.basis === 'measured' && reporting <= leastSiblings
    ? view
    : { ...view, ...nothingKnown, isJudged: false }

const nothingKnown = { power: null, voltage: null, current: null, warmerC: null }
