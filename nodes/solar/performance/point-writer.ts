import { firstKeyAfter } from '../../../platform/network/repository.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Written } from '../../../platform/storage/influxdb-connection.ts'
import { requestsOf, writeInTurn, type PointSink } from '../../../platform/storage/point-sink.ts'
import { sumOfYields } from '../domain/performance.ts'
import { panelDayLines, siteDayLines, siteSlotLines } from '../domain/time-series.ts'
import { findPlant, siteOfPlant, type StoredPlant } from '../slots/plant-repository.ts'
import { panelsOfDay } from './day-repository.ts'
import { plantSlots } from './plant-slot-repository.ts'
import type { LoggedRound } from './round-repository.ts'

/** Reads back what was computed of plants, and writes it to InfluxDB. */
export class SolarPointWriter {
  readonly #database: Database
  readonly #sink: PointSink
  readonly #maxSeries: number

  /** @param maxSeries  devices that get series of their own, in the order of their registration */
  constructor(database: Database, sink: PointSink, maxSeries: number) {
    this.#database = database
    this.#sink = sink
    this.#maxSeries = maxSeries
  }

  /**
   * Resolves when all of them are confirmed, or refused for good. Holds no transaction meanwhile.
   * @throws InfluxUnavailable, DatabaseUnavailable: the same may be written later, again from the first
   */
  writeRounds(rounds: readonly LoggedRound[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#requests(rounds), signal)
  }

  async *#requests(rounds: readonly LoggedRound[]): AsyncGenerator<string[]> {
    const firstSharedKey = await firstKeyAfter(this.#database, this.#maxSeries)
    const plants = new Map<string, StoredPlant | undefined>()
    for (const round of withoutOlder(rounds)) {
      const { plantId } = round
      if (!plants.has(plantId)) plants.set(plantId, await findPlant(this.#database, plantId))
      const feederId = plants.get(plantId)?.feederId ?? null
      if (round.panels > 0) yield* this.#days(round, feederId, firstSharedKey)
      const siteId = siteOfPlant(plantId)
      if (round.slots === 0 || siteId === null) continue
      const slots = await plantSlots(this.#database, plantId, round.from, round.to)
      yield* requestsOf(slots, (slot) => siteSlotLines({ siteId, feederId, ...slot }))
    }
  }

  async *#days({ plantId, civilDay }: LoggedRound, feederId: string | null, firstSharedKey: number) {
    const { beginsAt } = civilDay
    const siteId = siteOfPlant(plantId)
    const panels = await panelsOfDay(this.#database, plantId, beginsAt)
    yield* requestsOf(panels, (panel) => panelDayLines({ ...panel, siteId, feederId }, firstSharedKey))
    if (siteId === null || panels.length === 0) return
    const sums = sumOfYields(panels.map((panel) => panel.sums))
    const ratedW = panels.reduce((total, panel) => total + panel.ratedW, 0)
    yield siteDayLines({ siteId, feederId, beginsAt, ratedW, sums, panels: panels.length })
  }
}

/** Of a day that was computed several times the newest is written: it is the one that is stored. */
function withoutOlder(rounds: readonly LoggedRound[]): readonly LoggedRound[] {
  const newest = new Map<string, LoggedRound>()
  for (const round of rounds) if (round.panels > 0) newest.set(`${round.plantId} ${round.civilDay.beginsAt}`, round)
  return rounds.filter(
    (round) => round.panels === 0 || newest.get(`${round.plantId} ${round.civilDay.beginsAt}`) === round,
  )
}
