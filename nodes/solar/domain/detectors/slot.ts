import type { Expected, PanelSample } from '../plant.ts'

/** Five minutes of one site. */
export interface Slot {
  /** Beginning of the 5 minutes, UTC milliseconds. */
  readonly at: number
  /** By panel; a panel that said nothing is not there. */
  readonly panels: ReadonlyMap<string, PanelSample>
  /** By panel; not there where nobody knows what to expect. */
  readonly expected: ReadonlyMap<string, Expected>
  /** By panel: how unlike the healthy history of its site the isolation forest finds it, 0…1; `null`: there is no forest. */
  readonly forestScores: ReadonlyMap<string, number | null>
}
