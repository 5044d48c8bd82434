import { shiftDay } from '../../../platform/clock/civil-day.ts'

/** A holiday of the nation: on a day of the year, or so many days from Easter Sunday. */
interface NationalHoliday {
  readonly on: string | number
  readonly name: { readonly en: string; readonly pt: string }
  /** First year of it. */
  readonly from: number
  readonly source: string
}

const federal = 'Lei 662/1949, as of Lei 10.607/2002'
const national: readonly NationalHoliday[] = [
  { on: '01-01', name: { en: "New Year's Day", pt: 'Confraternização Universal' }, from: 1949, source: federal },
  {
    ...{ on: -2, name: { en: 'Good Friday', pt: 'Sexta-feira Santa' }, from: 1995 },
    source: 'Lei 9.093/1995, art. 2: municipal law, kept all over the country',
  },
  { on: '04-21', name: { en: 'Tiradentes', pt: 'Tiradentes' }, from: 1950, source: federal },
  { on: '05-01', name: { en: 'Labour Day', pt: 'Dia do Trabalho' }, from: 1949, source: federal },
  { on: '09-07', name: { en: 'Independence Day', pt: 'Independência do Brasil' }, from: 1949, source: federal },
  {
    ...{ on: '10-12', name: { en: 'Our Lady of Aparecida', pt: 'Nossa Senhora Aparecida' }, from: 1980 },
    source: 'Lei 6.802/1980',
  },
  { on: '11-02', name: { en: "All Souls' Day", pt: 'Finados' }, from: 2002, source: federal },
  { on: '11-15', name: { en: 'Republic Day', pt: 'Proclamação da República' }, from: 1949, source: federal },
  {
    ...{ on: '11-20', name: { en: 'Black Awareness Day', pt: 'Dia da Consciência Negra' }, from: 2024 },
    source: 'Lei 14.759/2023',
  },
  { on: '12-25', name: { en: 'Christmas Day', pt: 'Natal' }, from: 1949, source: federal },
]

/** The nation's holiday on a day `YYYY-MM-DD`, if it is one. */
export function nationalHolidayOn(day: string): NationalHoliday['name'] | undefined {
  const year = Number(day.slice(0, 4))
  const dayOf = ({ on }: NationalHoliday) => (typeof on === 'string' ? `${year}-${on}` : shiftDay(easterOf(year), on))
  return national.find((holiday) => holiday.from <= year && dayOf(holiday) === day)?.name
}

/** Easter Sunday `YYYY-MM-DD` of a year of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterOf(year: number): string {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const ofCentury = year % 100
  const epact =
    (19 * golden +
      century -
      Math.floor(century / 4) -
      Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) +
      15) %
    30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const days = epact + weekday - 7 * late + 114
  const [month, day] = [Math.floor(days / 31), (days % 31) + 1]
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
