import type { Civil } from './program-window.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const pad = (number: number): string => String(number).padStart(2, '0')

/** Days since 1970 of a civil day, and back (Howard Hinnant, chrono-compatible date algorithms). */
function daysOf(day: string): number {
  const [year, month, of] = day.split('-').map(Number) as [number, number, number]
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + of - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function dayOfNumber(days: number): string {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${year}-${pad(month)}-${pad(dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1)}`
}

/** Clocks that are so many hours ahead of UTC, and an hour more from an instant on. */
export function civilIn(hours: number, summerFrom = Infinity): Civil {
  const offsetAt = (instant: number): number => (hours + (instant >= summerFrom ? 1 : 0)) * hourMs
  const textOf = (instant: number): string => {
    const wall = instant + offsetAt(instant)
    const rest = Math.floor((((wall % dayMs) + dayMs) % dayMs) / 1_000)
    const clock = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60].map(pad).join(':')
    return `${dayOfNumber(Math.floor(wall / dayMs))} ${clock}`
  }
  return {
    textOf,
    dayOf: (instant) => textOf(instant).slice(0, 10),
    shift: (day, days) => dayOfNumber(daysOf(day) + days),
    mondayOf: (day) => dayOfNumber(daysOf(day) - ((((daysOf(day) + 3) % 7) + 7) % 7)),
    instantOf(text) {
      const [h, m, s] = text.slice(11).split(':').map(Number) as [number, number, number]
      const wall = daysOf(text.slice(0, 10)) * dayMs + ((h * 60 + m) * 60 + s) * 1_000
      return [wall - (hours + 1) * hourMs, wall - hours * hourMs].find(
        (instant) => instant + offsetAt(instant) === wall,
      )
    },
  }
}
