import type { AnomalyKind } from './anomaly.ts'
import type { Watch } from './watch.ts'

/** Changes whenever an older state cannot be gone on with. */
export const stateVersion = 1

/** What is remembered of a panel. JSON; bounded. */
export interface PanelState {
  /** By kind: only of rules that hold, or whose anomaly lasts. */
  readonly watches: Readonly<Partial<Record<AnomalyKind, Watch>>>
}

/** What is remembered of a site and its panels, all that `detect` needs besides the next slot. JSON; bounded. */
export interface SiteState {
  readonly version: number
  /** The newest slot that was taken, UTC milliseconds. */
  readonly at: number | null
  readonly panels: Readonly<Record<string, PanelState>>
}

/** Of a site of which nothing is known yet. */
export const emptySiteState: SiteState = { version: stateVersion, at: null, panels: {} }
export const emptyPanelState: PanelState = { watches: {} }
