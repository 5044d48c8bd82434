import type { KeyFigure } from './answers.ts'

/** The word that says how a figure is held against its targets. */
export function targetWord({
  sense,
  good,
  most,
}: KeyFigure): 'targetUpTo' | 'targetUpToMost' | 'targetBelow' | 'targetAtLeast' {
  if (sense === 'atLeast') return 'targetAtLeast'
  if (sense === 'below') return 'targetBelow'
  return good === most ? 'targetUpTo' : 'targetUpToMost'
}

/** By shape as well as by colour how a figure stands. */
export const verdictSigns = { met: '✓', tolerable: '▲', missed: '■' } as const
