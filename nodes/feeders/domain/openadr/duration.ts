/** As the OpenAPI document of OpenADR 3.1.0 has `duration`: ISO 8601 with years, months, days or weeks, hours, minutes and seconds. */
export const durationPattern =
  '^-?P(?=\\d|T\\d)(\\d+Y)?(\\d+M)?(\\d+[DW])?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?$'

const parts = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const dayMs = 86_400_000
const [yearDays, monthDays] = [365, 30]
/** "P9999Y" means for ever (User Guide, 7.3); whoever writes a thousand years means the same. */
const foreverYears = 1_000

/**
 * Length of a duration, ms; Infinity for one that means for ever. A year has 365 days and a month 30: the guide advises against both.
 * @returns undefined where it is none
 */
export function durationMs(text: string): number | undefined {
  if (!new RegExp(durationPattern).test(text)) return undefined
  const [, sign, years, months, days, unit, hours, minutes, seconds] = parts.exec(text)!
  const number = (digits: string | undefined): number => Number(digits ?? 0)
  if (sign === '' && number(years) >= foreverYears) return Infinity
  const wholeDays = number(years) * yearDays + number(months) * monthDays + number(days) * (unit === 'W' ? 7 : 1)
  const ms = wholeDays * dayMs + number(hours) * 3_600_000 + number(minutes) * 60_000 + number(seconds) * 1_000
  return Math.round(sign === '-' ? -ms : ms) + 0
}

/** A span as a report says it. @param ms  whole seconds are enough */
export const durationOf = (ms: number): string => `PT${Math.round(ms / 1_000)}S`
