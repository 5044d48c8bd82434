const minuteMs = 60_000

/** How many alarms operators were told of in a minute. `minute` is its beginning, UTC milliseconds. */
export interface MinuteCount {
  readonly minute: number
  readonly alarms: number
}

/** When so many alarms come that no operator can follow. Looked at after each minute, over the ten minutes before. */
export const floodRule = {
  ...{ windowMinutes: 10, beginsAt: 10, endsBelow: 5 },
  source: 'ANSI/ISA-18.2, EEMUA 191: begins at 10 new alarms in 10 minutes, ends below 5 in 10 minutes',
} as const

/** Instants are UTC milliseconds. */
export interface Flood {
  /** The first minute of those that made it one. */
  readonly begin: number
  /** After the ten minutes that were quiet again; null: it lasts. */
  readonly end: number | null
  /** That came in it. */
  readonly alarms: number
}

/**
 * Floods among minutes.
 * @param minutes  ascending, each once; those without an alarm may be left out
 * @param until    what comes later is not known, UTC milliseconds
 */
export function floods(minutes: readonly MinuteCount[], until: number): Flood[] {
  const course = new Course()
  for (const count of minutes) {
    const looked = count.minute + minuteMs
    if (looked > until) break
    course.passTime(looked - minuteMs)
    course.take(count, looked)
  }
  course.passTime(until)
  return course.floods
}

/** The last ten minutes as they pass, and what floods they made. */
class Course {
  readonly floods: Flood[] = []
  #window: MinuteCount[] = []
  #endedAt = -Infinity

  /** Minutes leave the window, and with them a flood may end: of each instant until then, without anything new. */
  passTime(until: number): void {
    for (;;) {
      const leaves = this.#firstLeavesAt
      if (leaves === undefined || leaves > until) return
      this.#window.shift()
      this.#judge(leaves)
    }
  }

  take(count: MinuteCount, looked: number): void {
    if (this.#firstLeavesAt === looked) this.#window.shift()
    this.#window.push(count)
    const last = this.floods.at(-1)
    if (last?.end === null) this.floods[this.floods.length - 1] = { ...last, alarms: last.alarms + count.alarms }
    this.#judge(looked)
  }

  /** A minute is among the last ten until the eleventh after it is over. */
  get #firstLeavesAt(): number | undefined {
    const first = this.#window[0]
    return first && first.minute + (floodRule.windowMinutes + 1) * minuteMs
  }

  #judge(looked: number): void {
    const sum = sumOf(this.#window)
    const last = this.floods.at(-1)
    if (last?.end === null) {
      if (sum >= floodRule.endsBelow) return
      this.floods[this.floods.length - 1] = { ...last, end: looked }
      this.#endedAt = looked
    } else if (sum >= floodRule.beginsAt) {
      const own = this.#window.filter(({ minute }) => minute >= this.#endedAt)
      this.floods.push({ begin: own[0]!.minute, end: null, alarms: sumOf(own) })
    }
  }
}

const sumOf = (minutes: readonly MinuteCount[]): number => minutes.reduce((sum, { alarms }) => sum + alarms, 0)
