/** Energy that was expected of a day. */
export interface ExpectedDay {
  /** Days since 1 January 1970. */
  readonly day: number
  /** kWh. */
  readonly expectedKwh: number
}

const yearDays = 365
/** Days around the same one a year ago: weather of one day says little. */
const seasonReach = 7
const recentDays = 30

/**
 * Energy to be expected so many days after the last one: as around the same day a year ago, where the history has that; else as on
 * the last 30 days that it has.
 * @param days  in their order
 * @returns kWh by days ahead
 */
export function expectedEnergy(days: readonly ExpectedDay[]): (daysAhead: number) => number {
  const last = days.at(-1)?.day ?? 0
  const byDay = new Map(days.map(({ day, expectedKwh }) => [day, expectedKwh]))
  const usual = meanOf(days.slice(-recentDays).map(({ expectedKwh }) => expectedKwh)) ?? 0
  return (daysAhead) => {
    const middle = last + daysAhead - yearDays * Math.ceil(daysAhead / yearDays)
    const around: number[] = []
    for (let day = middle - seasonReach; day <= middle + seasonReach; day++) {
      const found = byDay.get(day)
      if (found !== undefined) around.push(found)
    }
    // Half of the days around must be there: a few of a month that was otherwise lost are no season.
    return around.length > seasonReach ? meanOf(around)! : usual
  }
}

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
