import type { AnomalyKind } from './anomaly.ts'
import type { Output } from './clipping.ts'
import type { DayFigure, HalfHour } from './day.ts'
import type { Drops } from './low-voltage.ts'
import type { Shadow } from './shading.ts'
import { emptySiteMemory, type SiteMemory } from './site-memory.ts'
import { commonPanel, type Usual } from './slow-loss.ts'
import type { Repeats } from './stuck-value.ts'
import type { Watch } from './watch.ts'

/** Changes whenever an older state cannot be gone on with. */
export const stateVersion = 1

/** By kind: only of rules that hold, or whose anomaly lasts. */
export type Watches = Readonly<Partial<Record<AnomalyKind, Watch>>>

/** What is remembered of a panel. JSON; bounded, to some kilobytes. */
export interface PanelState {
  readonly watches: Watches
  readonly repeats: Repeats
  readonly drops: Drops
  readonly output: Output
  /** Solar day that runs, and what it showed; `null`: none yet. */
  readonly day: number | null
  readonly halfHours: readonly HalfHour[]
  /** Days that are over, oldest first. */
  readonly days: readonly DayFigure[]
  readonly shadows: readonly Shadow[]
  readonly usual: Usual
  /** Slots of the running day that it could be judged in, and whether it generated in any. */
  readonly judgedSlots: number
  readonly hasGenerated: boolean
}

/** What is remembered of a site and its panels, all that `detect` needs besides the next slot. JSON; bounded. */
export interface SiteState {
  readonly version: number
  /** The newest slot that was taken, UTC milliseconds. */
  readonly at: number | null
  /** Of anomalies of the whole site. */
  readonly watches: Watches
  readonly memory: SiteMemory
  readonly panels: Readonly<Record<string, PanelState>>
}

/** Of a site of which nothing is known yet. */
export const emptySiteState: SiteState = {
  ...{ version: stateVersion, at: null, watches: {}, memory: emptySiteMemory, panels: {} },
}

export const emptyPanelState: PanelState = {
  ...{ watches: {}, repeats: {}, drops: [], output: [], day: null, halfHours: [], days: [], shadows: [] },
  ...{ usual: commonPanel, judgedSlots: 0, hasGenerated: false },
}
