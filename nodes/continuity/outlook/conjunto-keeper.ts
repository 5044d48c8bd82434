import { EventEmitter } from 'node:events'
import type { Clock } from '../../../platform/clock/clock.ts'
import { regulationChoices, type RegulationChoices } from '../../../platform/regulation/options.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { comparableHundredths, yearHundredths, type Collective, type ConjuntoMonth } from '../domain/collective.ts'
import { isCritical } from '../domain/critical-day.ts'
import { storedConjuntoMonths } from '../indicators/indicator-repository.ts'
import { daysReaching, listCriticalDays } from '../registers/critical-day-repository.ts'
import { thresholdsOf, type ThresholdBasis } from '../registers/critical-days.ts'
import { calendarIn } from './civil-calendar.ts'
import { conjuntosNamed, yearLimitsOf, type NamedConjunto } from './conjunto-repository.ts'
import { lastIndicatorChange } from './profile-repository.ts'

/** How a conjunto stands: its month and year, and its day against the threshold of critical days. */
export interface ConjuntoState {
  readonly conjuntoId: string
  readonly name: string
  readonly month: string
  /** Null: its units are not known. */
  readonly monthSoFar: Collective | null
  readonly yearSoFar: Collective | null
  /** Of the year; null: none is entered. */
  readonly limit: Collective | null
  readonly day: string
  readonly occurrences: number
  /** Null: nothing is known of its history. */
  readonly threshold: ThresholdBasis | null
  readonly isCritical: boolean
  /** Two persons have said that the day is critical. */
  readonly approved: boolean
}

export interface ConjuntoKeeperOptions {
  readonly clock: Clock
  readonly clockIsSet: () => boolean
  /** IANA zone of conjuntos that have none. */
  readonly timeZone: string
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const restMs = 2_000
const restFactor = 5
/** Occurrences are looked for so often, and what the threshold rests on. */
const occurrencesEveryMs = 15_000
const registersEveryMs = 300_000

/** What is read seldom: the history of years. */
interface Registers {
  readonly conjuntos: readonly NamedConjunto[]
  readonly limits: ReadonlyMap<string, Collective>
  readonly thresholds: ReadonlyMap<string, ThresholdBasis | null>
  readonly choices: RegulationChoices
  /** Conjuntos by the civil day that they have now. */
  readonly today: string
}

/** Keeps in memory how conjuntos stand. All of it is made of what the database has. Emits `change` after each round. */
export class ConjuntoKeeper extends EventEmitter<{ change: [readonly ConjuntoState[]] }> {
  readonly #database: Database
  readonly #options: ConjuntoKeeperOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #states: readonly ConjuntoState[] = []
  #registers: Registers | undefined
  #registersDue = 0
  #months: readonly ConjuntoMonth[] = []
  #monthsAt = -1
  #occurrences = new Map<string, { occurrences: number; approved: boolean }>()
  #occurrencesDue = 0

  constructor(database: Database, options: ConjuntoKeeperOptions) {
    super()
    this.setMaxListeners(0)
    this.#database = database
    this.#options = options
    const rounds = { restMs, restFactor, round: () => this.#round(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  get states(): readonly ConjuntoState[] {
    return this.#states
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    if (!this.#options.clockIsSet()) return
    const now = this.#options.clock.now()
    const began = performance.now()
    const today = calendarIn(this.#options.timeZone).days.dayOf(now)
    if (!this.#registers || began >= this.#registersDue || this.#registers.today !== today) {
      this.#registers = await this.#readRegisters(today)
      this.#registersDue = began + registersEveryMs
      this.#monthsAt = -1
      this.#occurrencesDue = 0
    }
    const changed = await lastIndicatorChange(this.#database)
    if (changed !== this.#monthsAt) {
      this.#months = await storedConjuntoMonths(this.#database, Number(today.slice(0, 4)))
      this.#monthsAt = changed
    }
    if (began >= this.#occurrencesDue) {
      this.#occurrences = await this.#countOccurrences(this.#registers, now)
      this.#occurrencesDue = began + occurrencesEveryMs
    }
    this.#states = statesOf(this.#registers, this.#months, this.#occurrences, now, this.#options.timeZone)
    this.emit('change', this.#states)
  }

  async #readRegisters(today: string): Promise<Registers> {
    const conjuntos = await conjuntosNamed(this.#database)
    const ids = conjuntos.map(({ conjuntoId }) => conjuntoId)
    return {
      ...{ conjuntos, today, choices: await regulationChoices(this.#database) },
      limits: await yearLimitsOf(this.#database, Number(today.slice(0, 4))),
      thresholds: ids.length > 0 ? await thresholdsOf(this.#database, ids, today) : new Map(),
    }
  }

  /** Of the civil day that each conjunto has now. */
  async #countOccurrences({ conjuntos }: Registers, now: number) {
    const { timeZone } = this.#options
    const found = new Map<string, { occurrences: number; approved: boolean }>()
    for (const [day, conjuntoIds] of byDay(conjuntos, now, timeZone)) {
      const span = { from: day, until: calendarIn(timeZone).days.shift(day, 1) }
      const none = conjuntoIds.map(() => 0)
      for (const { conjuntoId, occurrences } of await daysReaching(this.#database, conjuntoIds, none, span, timeZone))
        found.set(conjuntoId, { occurrences, approved: false })
      const page = { after: undefined, limit: conjuntoIds.length }
      for (const { conjuntoId } of await listCriticalDays(this.#database, { conjuntoIds, ...span }, page))
        found.set(conjuntoId, { occurrences: found.get(conjuntoId)?.occurrences ?? 0, approved: true })
    }
    return found
  }
}

function byDay(conjuntos: readonly NamedConjunto[], now: number, timeZone: string): Map<string, string[]> {
  const days = new Map<string, string[]>()
  for (const { conjuntoId, timeZone: own } of conjuntos) {
    const day = calendarIn(own ?? timeZone).days.dayOf(now)
    days.set(day, [...(days.get(day) ?? []), conjuntoId])
  }
  return days
}

function statesOf(
  { conjuntos, limits, thresholds, choices }: Registers,
  months: readonly ConjuntoMonth[],
  occurrences: ReadonlyMap<string, { occurrences: number; approved: boolean }>,
  now: number,
  timeZone: string,
): ConjuntoState[] {
  const byConjunto = Map.groupBy(months, ({ conjuntoId }) => conjuntoId)
  const rounding = choices['continuity-dec-fec-rounding']
  return conjuntos.map(({ conjuntoId, name, timeZone: own }) => {
    const day = calendarIn(own ?? timeZone).days.dayOf(now)
    const month = day.slice(0, 7)
    const year = (byConjunto.get(conjuntoId) ?? []).filter((one) => one.month.slice(0, 4) === day.slice(0, 4))
    const itsMonth = year.find((one) => one.month === month)
    const threshold = thresholds.get(conjuntoId) ?? null
    const counted = occurrences.get(conjuntoId) ?? { occurrences: 0, approved: false }
    return {
      ...{ conjuntoId, name, month, day, ...counted, threshold, limit: limits.get(conjuntoId) ?? null },
      monthSoFar: itsMonth ? comparableHundredths(itsMonth, rounding) : null,
      yearSoFar: yearHundredths(year, choices['continuity-year-aggregation'], rounding),
      isCritical: threshold !== null && isCritical(counted.occurrences, threshold),
    }
  })
}
