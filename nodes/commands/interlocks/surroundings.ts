import type { Positions } from '../../../platform/network/model/energisation.ts'
import type { EarthSwitch, Network } from '../../../platform/network/model/network.ts'
import type { Quality } from '../../../platform/wire/reading.ts'
import type { PlacedTag } from '../tags/tag.ts'

/** What a switch last said of itself. UTC milliseconds. */
export interface SwitchReport {
  readonly at: number
  readonly quality: Quality
  readonly position: 'open' | 'closed' | 'intermediate'
  readonly mode: 'remote' | 'local'
  /** Null: it does not say. */
  readonly tripped: boolean | null
  readonly recloseBlocked: boolean | null
  /** By phase, A; null: it does not say. */
  readonly currentsA: readonly [number | null, number | null, number | null]
}

/** A consumer unit that a meter measures, and that it can cut off. */
export interface MeteredUnit {
  readonly unitId: string
  /** Those that it hangs on. */
  readonly sectionIds: readonly string[]
  /** Somebody's life or safety hangs on its supply: which of them is nobody's business here. */
  readonly isProtected: boolean
  /** IANA. */
  readonly timeZone: string
  /** IBGE code; null: nobody has said. */
  readonly municipalityCode: number | null
}

/** A holiday of a state (two digits of the IBGE) or of a municipality (seven). */
export interface LocalHoliday {
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly placeCode: number
  readonly name: string
}

/** All that interlocks look at, as it stands when they are asked. */
export interface Surroundings {
  /** UTC milliseconds, by the platform's clock. */
  readonly now: number
  readonly network: Network
  readonly earthSwitches: readonly EarthSwitch[]
  /**
   * Phases in which switches, sources and earth switches are closed or may be: what reports that it is on its way, what doubts
   * itself, and what is being closed by a command, counts as closed. What nothing is known of stands as it does normally.
   */
  readonly mayBeClosed: Positions
  /** By device, of those in the network and of the one that is commanded. */
  readonly reports: ReadonlyMap<string, SwitchReport>
  /** Switches and sources that report a trip which nobody has cleared. */
  readonly unclearedTrips: ReadonlySet<string>
  readonly tags: readonly PlacedTag[]
  /** By meter that is commanded. */
  readonly units: ReadonlyMap<string, readonly MeteredUnit[]>
  /** By device that is commanded, as far as the registry knows. */
  readonly ratedKw: ReadonlyMap<string, number>
  readonly holidays: readonly LocalHoliday[]
}
