import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { civilTimesIn } from '../../../platform/clock/civil-time.ts'
import { nationalHolidayOn } from './holidays.ts'
import type { Interlock, Why } from './interlock.ts'
import type { LocalHoliday, MeteredUnit } from './surroundings.ts'

/** When a unit may be disconnected for non-payment. */
const nonPaymentRule = {
  validFrom: '2020-06-16',
  source:
    'Lei 8.987/1995, art. 6, § 4, by Lei 14.015/2020: not begun on a Friday, Saturday, Sunday, holiday or the day before one; ' +
    'REN ANEEL 1000/2021: from 8 to 18 hours of working days',
  value: { fromHour: 8, untilHour: 18 },
} as const

/** A unit is disconnected for non-payment only when whoever pays can still have it connected again the next day. */
export const nonPayment: Interlock = {
  name: 'non-payment-day',
  forbids({ deviceId, type, args }, { units, holidays, now }) {
    // Who does not say that it is for something else says this.
    if (type !== 'disconnect' || args['reason'] === 'request' || args['reason'] === 'safety') return []
    return (units.get(deviceId) ?? []).flatMap((unit) => {
      const against = notNow(unit, holidays, now)
      if (!against) return []
      const { en, pt } = against
      return [
        {
          en: `unit ${unit.unitId} is not disconnected for non-payment ${en}`,
          pt: `a unidade ${unit.unitId} não é desligada por inadimplência ${pt}`,
        },
      ]
    })
  },
}

const weekdays: Readonly<Record<number, Why>> = {
  0: { en: 'on a Sunday', pt: 'no domingo' },
  5: { en: 'on a Friday', pt: 'na sexta-feira' },
  6: { en: 'on a Saturday', pt: 'no sábado' },
}

/** Why not at this instant (UTC milliseconds), by the calendar and the clock of the place; undefined: it may be. */
function notNow(
  { timeZone, municipalityCode }: MeteredUnit,
  local: readonly LocalHoliday[],
  now: number,
): Why | undefined {
  const days = civilDaysIn(timeZone)
  const today = days.dayOf(now)
  const weekday = weekdays[new Date(`${today}T00:00:00Z`).getUTCDay()]
  if (weekday) return weekday
  const holidayOn = (day: string) => nationalHolidayOn(day) ?? localHolidayOn(day, local, municipalityCode)
  const holiday = holidayOn(today)
  if (holiday) return { en: `on a holiday: ${holiday.en}`, pt: `em feriado: ${holiday.pt}` }
  const next = holidayOn(days.next(today))
  if (next) return { en: `on the day before a holiday: ${next.en}`, pt: `em véspera de feriado: ${next.pt}` }
  const { fromHour, untilHour } = nonPaymentRule.value
  const hour = Number(civilTimesIn(timeZone).textOf(now).slice(11, 13))
  if (hour >= fromHour && hour < untilHour) return undefined
  return {
    en: `before ${fromHour} or after ${untilHour} hours`,
    pt: `antes das ${fromHour} ou depois das ${untilHour} horas`,
  }
}

/** Of whoever has not said where the unit is, every local holiday counts: it may be there. */
function localHolidayOn(day: string, local: readonly LocalHoliday[], municipality: number | null): Why | undefined {
  const found = local.find(
    (holiday) =>
      holiday.day === day &&
      (municipality === null ||
        holiday.placeCode === municipality ||
        holiday.placeCode === Math.floor(municipality / 100_000)),
  )
  return found && { en: found.name, pt: found.name }
}
