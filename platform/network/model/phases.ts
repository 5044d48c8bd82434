/** Phases as a set: A 1, B 2, C 4. Unites and intersects by bits. */
export type Phases = number

export const noPhase: Phases = 0
export const allPhases: Phases = 7

/** @param text  as the registry has it: `ABC`, `A`, `BC`, empty for none */
export const phasesOf = (text: string): Phases =>
  (text.includes('A') ? 1 : 0) | (text.includes('B') ? 2 : 0) | (text.includes('C') ? 4 : 0)

export const textOf = (phases: Phases): string =>
  `${phases & 1 ? 'A' : ''}${phases & 2 ? 'B' : ''}${phases & 4 ? 'C' : ''}`

/** Each of them by itself. */
export const phasesIn = (phases: Phases): Phases[] => [1, 2, 4].filter((phase) => (phases & phase) !== noPhase)
