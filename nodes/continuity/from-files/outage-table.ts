import type { UnitOutage } from '../domain/interruption.ts'

/** Outages of very many units in little memory: 24 bytes each. */
export class OutageTable {
  #size = 0
  #unit = new Int32Array(1_024)
  #from = new Float64Array(1_024)
  #until = new Float64Array(1_024)
  #interruption = new Int32Array(1_024)

  get size(): number {
    return this.#size
  }

  /** @param until  UTC milliseconds; null: it lasts */
  add(unit: number, from: number, until: number | null, interruption: number): void {
    if (this.#size === this.#unit.length) this.#grow()
    this.#unit[this.#size] = unit
    this.#from[this.#size] = from
    this.#until[this.#size] = until ?? NaN
    this.#interruption[this.#size++] = interruption
  }

  #grow(): void {
    const wider = <Column extends Int32Array | Float64Array>(column: Column, next: Column): Column => {
      next.set(column)
      return next
    }
    const length = this.#unit.length * 2
    this.#unit = wider(this.#unit, new Int32Array(length))
    this.#from = wider(this.#from, new Float64Array(length))
    this.#until = wider(this.#until, new Float64Array(length))
    this.#interruption = wider(this.#interruption, new Int32Array(length))
  }

  /**
   * Units that have any, with their outages.
   * @param units     how many units there are
   * @param idOf      the number of an interruption, of the one it was added with
   */
  *byUnit(units: number, idOf: (interruption: number) => number): Generator<[unit: number, pieces: UnitOutage[]]> {
    // Counted first, each row is put where its unit begins.
    const ends = new Int32Array(units + 1)
    for (let row = 0; row < this.#size; row++) ends[this.#unit[row]! + 1]!++
    for (let unit = 0; unit < units; unit++) ends[unit + 1]! += ends[unit]!
    const begins = ends.slice()
    const rows = new Int32Array(this.#size)
    for (let row = 0; row < this.#size; row++) rows[begins[this.#unit[row]!]!++] = row
    for (let unit = 0; unit < units; unit++) {
      if (ends[unit] === ends[unit + 1]) continue
      yield [unit, Array.from(rows.subarray(ends[unit], ends[unit + 1]), (row) => this.#outage(row, idOf))]
    }
  }

  #outage(row: number, idOf: (interruption: number) => number): UnitOutage {
    const until = this.#until[row]!
    return {
      ...{ unitId: '', interruptionId: idOf(this.#interruption[row]!), from: this.#from[row]! },
      until: Number.isNaN(until) ? null : until,
    }
  }
}
