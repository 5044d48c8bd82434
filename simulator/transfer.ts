import type { Draw } from './draw.ts'
import type { Position } from './devices/switch.ts'

/**
 * The one thing that moves switches by itself: once in a long while the tail of feeder-01 is carried over to
 * feeder-02 for some minutes and back. The tie closes before the section opens, so that nobody is ever without supply.
 */
export interface Transfer {
  readonly stage: Stage
  /** Time in this stage, s. */
  readonly forS: number
}

type Stage = 'normal' | 'closing over' | 'transferred' | 'closing back'

const NEXT: Record<Stage, Stage> = {
  normal: 'closing over',
  'closing over': 'transferred',
  transferred: 'closing back',
  'closing back': 'normal',
}
const MEAN_BETWEEN_S = 14 * 24 * 3600
/** How long a stage lasts, s; the normal one ends by chance. */
const LASTS_S: Record<Exclude<Stage, 'normal'>, number> = {
  'closing over': 10,
  transferred: 20 * 60,
  'closing back': 10,
}

export const noTransfer: Transfer = { stage: 'normal', forS: 0 }

/** The transfer `dtS` seconds later, at most one stage on. */
export function stepTransfer({ stage, forS }: Transfer, draw: Draw, dtS: number): Transfer {
  const chance = draw.uniform()
  const over = stage === 'normal' ? chance < 1 - Math.exp(-dtS / MEAN_BETWEEN_S) : forS + dtS >= LASTS_S[stage]
  return over ? { stage: NEXT[stage], forS: 0 } : { stage, forS: forS + dtS }
}

/** Where the sectionalizing switch and the tie stand in a stage. */
export function positionsIn({ stage }: Transfer): { section: Position; tie: Position } {
  return {
    section: stage === 'transferred' ? 'open' : 'closed',
    tie: stage === 'normal' ? 'open' : 'closed',
  }
}
