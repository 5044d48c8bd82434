import type { Database } from '../../../platform/storage/database.ts'
import { floodLimit, intakeSince, tallyKey } from '../domain/quarantine-rate.ts'
import { flood, skewed } from '../domain/telemetry-conditions.ts'
import type { Look } from './field-watch.ts'
import { quarantineTallies } from './quarantine-rate-repository.ts'

const windowMs = 600_000
/** Counts that slept for longer are not remembered: should they wake, they are counted from then on. */
const rememberedMs = 86_400_000
/** A device whose clock is wrong shows it in fewer messages than make a flood. */
const leastSkewed = 10

/** Says where far more than usual goes into quarantine: counted from the start of each ten minutes. */
export class QuarantineWatch {
  readonly #database: Database
  readonly #floodMessages: number
  #since: number | undefined
  #before: ReadonlyMap<string, number> = new Map()

  constructor(database: Database, floodMessages: number) {
    this.#database = database
    this.#floodMessages = floodMessages
  }

  async look(now: number): Promise<Look> {
    const since = this.#since ?? now
    const tallies = await quarantineTallies(this.#database, now - rememberedMs, now)
    const intakes = this.#since === undefined ? [] : intakeSince(tallies, this.#before, since, windowMs)
    const found = intakes.map((intake) => {
      const limit = floodLimit(intake, intake.isOfClocks ? leastSkewed : this.#floodMessages)
      const condition = (intake.isOfClocks ? skewed : flood)({ ...intake, limit, windowMs })
      return { condition, lasts: intake.count >= limit / 2, isFlood: intake.count >= limit }
    })
    const isOver = now - since >= windowMs
    if (this.#since === undefined || isOver) {
      this.#since = now
      this.#before = new Map(tallies.map((tally) => [tallyKey(tally), tally.count]))
    }
    const lasting = new Set(found.filter(({ lasts }) => lasts).map(({ condition }) => condition.key))
    return {
      kinds: ['quarantine-flood', 'clock-skew'],
      holding: found.filter(({ isFlood }) => isFlood).map(({ condition }) => condition),
      // What was said stands until ten whole minutes have passed with less than half.
      judged: ({ key }) => isOver && !lasting.has(key),
    }
  }
}
