import type { Queries } from '../storage/queries.ts'

/** Where something is: what a condition says of it. */
export interface Place {
  readonly feederId: string | null
  readonly unitId: string | null
  readonly deviceId: string | null
}

/** What explains what is noticed at a place. */
export interface RootCause {
  /** Of its condition. */
  readonly key: string
  /** Since when it holds there, UTC milliseconds: what was so long before is not explained by it. */
  readonly since: number
}

/** Causes that explain what is noticed elsewhere, as one area knows them. */
export interface RootCauses {
  /** What its conditions are, as `area/kind`. */
  readonly kind: string
  /**
   * For each place the cause that holds there now, or null where none does: some thousand places at once.
   * @param at  now, UTC milliseconds
   */
  at(queries: Queries, places: readonly Place[], at: number): Promise<readonly (RootCause | null)[]>
}

const provided = new Set<RootCauses>()

/**
 * An area tells what of it explains what others notice, such as an open switch the silence of the meters behind it.
 * @returns takes the word back
 */
export function provideRootCauses(causes: RootCauses): () => void {
  provided.add(causes)
  return () => void provided.delete(causes)
}

/** All that were told so far. */
export const providedRootCauses = (): readonly RootCauses[] => [...provided]
