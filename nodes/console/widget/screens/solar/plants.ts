import type { LiveSolarPanel } from '../../../../../platform/wire/live-solar.ts'
import { severities, type Severity } from './solar-answers.ts'

/** A plant as its panels tell of it: those of one site, or a panel that stands alone. */
export interface Plant {
  /** Site, or the panel that has none. */
  readonly plantId: string
  readonly siteId: string | null
  readonly panels: number
  /** Newest civil day that any panel has figures of; the figures are the sums of those that have them. */
  readonly day: string | null
  readonly energyKwh: number
  readonly expectedKwh: number
  readonly lostKwh: number
  /** Panels with anomalies that last, be they of the panel or of the whole plant. */
  readonly amiss: number
  /** Of the gravest anomaly. */
  readonly severity: Severity | null
}

/** @returns plants with what is amiss first, the gravest first, then by what they lose */
export function plantsOf(panels: Iterable<LiveSolarPanel>): Plant[] {
  const byPlant = new Map<string, LiveSolarPanel[]>()
  for (const panel of panels) {
    const key = panel.siteId ?? `panel/${panel.panelId}`
    const known = byPlant.get(key) ?? []
    known.push(panel)
    byPlant.set(key, known)
  }
  return [...byPlant.values()].map(plantOf).toSorted(byNeed)
}

function plantOf(panels: readonly LiveSolarPanel[]): Plant {
  const [{ siteId, panelId }] = panels as readonly [LiveSolarPanel]
  const day = panels.reduce<string | null>((newest, { day }) => ((day ?? '') > (newest ?? '') ? day : newest), null)
  const ofDay = day === null ? [] : panels.filter((panel) => panel.day === day)
  const sum = (name: 'energyKwh' | 'expectedKwh' | 'lostKwh'): number =>
    ofDay.reduce((total, panel) => total + panel[name], 0)
  const present = new Set(panels.flatMap(({ anomalies }) => anomalies.map(({ severity }) => severity)))
  const amiss = panels.filter(({ anomalies }) => anomalies.length > 0).length
  return {
    ...{ plantId: siteId ?? panelId, siteId, panels: panels.length, day, amiss },
    ...{ energyKwh: sum('energyKwh'), expectedKwh: sum('expectedKwh'), lostKwh: sum('lostKwh') },
    severity: severities.find((severity) => present.has(severity)) ?? null,
  }
}

const rankOf = ({ severity }: Plant): number => (severity === null ? severities.length : severities.indexOf(severity))
const byNeed = (one: Plant, other: Plant): number =>
  rankOf(one) - rankOf(other) || other.lostKwh - one.lostKwh || (one.plantId < other.plantId ? -1 : 1)
