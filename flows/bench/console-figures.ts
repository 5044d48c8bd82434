import type { Run } from './measure.fixture.ts'

/** How long pages take until they show something, ms after their navigation began; medians. */
export interface PaintFigures {
  /** A page of Dashboard with nothing on it, until it is there. */
  readonly emptyMs: number
  /** The overview, until its key figures are known. */
  readonly overviewMs: number
}

/** What an operator's browser was like while somebody worked with it. */
export interface OperatorFigures {
  /** Clicks and keys, and from each to the next frame that shows what it did (Event Timing), ms. */
  readonly interactions: number
  readonly p50: number
  readonly p95: number
  readonly longestMs: number
  /** What took longest. */
  readonly longest: string
  /** Memory of scripts after garbage was collected, MB: after the first minute, at its highest, at the end. */
  readonly startMb: number
  readonly mostMb: number
  readonly endMb: number
  /** Of the straight line through the second half. */
  readonly mbPerMinute: number
  /** Errors of the console, and other things that should not be. */
  readonly complaints: readonly string[]
}

export interface ConsoleRow {
  readonly run: Run
  readonly operator?: OperatorFigures
}

export interface ConsoleFigures {
  readonly devices: number
  readonly minutes: number
  readonly quiet: PaintFigures
  readonly loaded?: PaintFigures
  readonly rows: readonly ConsoleRow[]
}
