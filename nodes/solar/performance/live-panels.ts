import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../platform/clock/clock.ts'
import { rounded, roundedOrNull } from '../../../platform/http/fields.ts'
import type { Hub } from '../../../platform/live/hub.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { LiveSolarPanel } from '../../../platform/wire/live-solar.ts'
import { detailsOf } from '../domain/anomaly-words.ts'
import { performanceOf } from '../domain/performance.ts'
import { livePanels, solarVersion, type LivePanelRow } from './live-repository.ts'

export interface LivePanelsOptions {
  readonly hub: Hub
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const rest = { restMs: 2_000, restFactor: 9 }
/** What the registry says of them changes too. */
const lookAgainMs = 60_000
/** Yesterday and today, whatever the zone. */
const backMs = 2 * 86_400_000
/** Each takes less than a kilobyte of memory; the API knows all. */
const mostPanels = 20_000

/** Shows on the live stream what panels make of their day, and what is amiss with them. */
export class LivePanels {
  readonly #database: Database
  readonly #options: LivePanelsOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #seen = ''
  #lookAt = 0

  constructor(database: Database, options: LivePanelsOptions) {
    this.#database = database
    this.#options = options
    const rounds = { ...rest, round: () => this.#round(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const { hub, clock, clockIsSet } = this.#options
    if (!clockIsSet()) return
    // Read before the rows: what is committed in between is looked at again.
    const version = await solarVersion(this.#database)
    if (version === this.#seen && performance.now() < this.#lookAt) return
    const panels = await livePanels(this.#database, clock.now() - backMs, mostPanels)
    const present = new Set(panels.map(({ panelId }) => panelId))
    for (const { panelId } of hub.values('solar')) if (!present.has(panelId)) hub.remove('solar', panelId)
    for (const panel of panels) {
      const shown = livePanel(panel)
      if (!isDeepStrictEqual(hub.get('solar', panel.panelId), shown)) hub.publish('solar', panel.panelId, shown)
    }
    this.#seen = version
    this.#lookAt = performance.now() + lookAgainMs
  }
}

function livePanel({
  panelId,
  siteId,
  feederId,
  day,
  isFinal,
  ratedW,
  anomalies,
  ...sums
}: LivePanelRow): LiveSolarPanel {
  const figures = performanceOf(sums, ratedW)
  return {
    ...{ panelId, siteId, feederId, day, isFinal },
    ...{ energyKwh: rounded(figures.energyKwh), expectedKwh: rounded(figures.expectedKwh) },
    lostKwh: rounded(figures.lostKwh),
    performanceIndex: roundedOrNull(figures.performanceIndex),
    performanceRatio: roundedOrNull(figures.performanceRatio),
    correctedRatio: roundedOrNull(figures.correctedRatio),
    anomalies: anomalies.map(({ kind, severity, since, evidence }) => ({
      ...{ kind, severity, since: new Date(since).toISOString(), details: detailsOf({ kind, evidence }) },
    })),
  }
}
