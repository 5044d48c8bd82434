import type { Run } from './measure.fixture.ts'
import type { ScoringReport } from './solar-scorer.fixture.ts'

/** How scoring fared beside an ingest. */
export interface ScoringFigures extends ScoringReport {
  /** Readings scored a second. */
  readonly perSecond: number
}

/** An ingest, beside scoring or alone. */
export interface SolarRow {
  readonly run: Run
  /** Cores that Node-RED used, until all that follows the store had caught up; scoring goes on until then. */
  readonly cores: number
  readonly scoring?: ScoringFigures
}

export interface SolarFigures {
  /** How long a forest took to grow and its bytes, as they are stored. */
  readonly training: { readonly samples: number; readonly ms: number; readonly bytes: number }
  readonly rows: readonly SolarRow[]
}
