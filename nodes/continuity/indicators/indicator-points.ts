import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Written } from '../../../platform/storage/influxdb-connection.ts'
import { requestsOf, writeInTurn, type PointSink } from '../../../platform/storage/point-sink.ts'
import { conjuntoLine, pointOfMonth, unitLine } from '../domain/indicator-points.ts'
import { monthSpan } from '../domain/month.ts'
import { conjuntoMonthsChanged, firstSharedUnit, unitMonthsChanged } from './indicator-change-repository.ts'
import type { IndicatorChange } from './indicator-log.ts'

export interface IndicatorPointOptions {
  /** Units that get series of their own, the first ones by identifier; of the others only conjuntos tell. */
  readonly maxSeries: number
  /** Says when a month is over. */
  readonly days: CivilDays
}

/** Reads back what commits wrote, and writes it to InfluxDB: months of units and of conjuntos, as far as they have come. */
export class IndicatorPointWriter {
  readonly #database: Database
  readonly #sink: PointSink
  readonly #options: IndicatorPointOptions

  constructor(database: Database, sink: PointSink, options: IndicatorPointOptions) {
    this.#database = database
    this.#sink = sink
    this.#options = options
  }

  /**
   * Resolves when all that the commits wrote is confirmed, or refused for good. Holds no transaction meanwhile.
   * @param changes  in the order of the log
   * @throws InfluxUnavailable, DatabaseUnavailable: the same commits may be written later, again from the first
   */
  write(changes: readonly IndicatorChange[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#requests(changes), signal)
  }

  async *#requests(changes: readonly IndicatorChange[]): AsyncGenerator<string[]> {
    const [first, last] = [changes[0], changes.at(-1)]
    if (!first || !last) return
    const at = (month: string, computedAt: number): number =>
      pointOfMonth(computedAt, monthSpan(month, this.#options.days).until)
    const firstShared = await firstSharedUnit(this.#database, this.#options.maxSeries)
    const units = await unitMonthsChanged(this.#database, first.position - 1, last.position, firstShared)
    yield* requestsOf(units, (unit) => unitLine(unit, at(unit.month, unit.computedAt)))
    const { 'continuity-dec-fec-rounding': rounding } = await regulationChoices(this.#database)
    const conjuntos = await conjuntoMonthsChanged(this.#database, first.position - 1, last.position)
    yield* requestsOf(conjuntos, (month) => conjuntoLine(month, rounding, at(month.month, month.computedAt)))
  }
}
