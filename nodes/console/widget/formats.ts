import type { Language } from './texts.ts'

export interface Formats {
  whole(value: number): string
  /** Readings per second: one decimal below a hundred, none above. */
  rate(value: number): string
  /** One decimal, always; never a negative zero. */
  tenths(value: number): string
  hundredths(value: number): string
  /** As many decimals as the number has, up to three. */
  plain(value: number): string
  /** A share from 0 to 1, in whole percent. */
  percent(share: number): string
  /** Reais, to the cent: R$ in both languages. */
  brl(value: number): string
  /** Reais where cents say nothing: whole from a hundred on. */
  brlShort(value: number): string
  /** A duration in ms: milliseconds below ten seconds, then as an age. */
  lag(ms: number): string
  /** A duration in its largest fitting unit, by the symbols both languages share (s, min, h, d). */
  age(ms: number): string
  /** Time of day to the second, by the 24 hours that control rooms use. */
  time(at: number): string
  /** The time, with its date where that is not the date at `now`: a simulation may live in another year. */
  moment(at: number, now: number): string
  byName: Intl.Collator
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/**
 * The numbers and times of the screen, as a language writes them.
 * @param timeZone  IANA zone; the browser's own when absent
 */
export function formatsOf(language: Language, timeZone?: string): Formats {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const decimals = (digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: 'negative',
    })
  const tenths = decimals(1)
  const hundredths = decimals(2)
  const plain = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
  const money = (digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'currency', currency: 'BRL', maximumFractionDigits: digits })
  const cents = money(2)
  const wholeReais = money(0)
  const time = new Intl.DateTimeFormat(language, {
    timeStyle: 'medium',
    hourCycle: 'h23',
    ...(timeZone && { timeZone }),
  })

  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...(timeZone && { timeZone }) })

  const age = (ms: number): string => {
    const passed = Math.max(0, ms)
    if (passed < minute) return `${whole.format(Math.floor(passed / second))} s`
    if (passed < hour) return `${whole.format(Math.floor(passed / minute))} min`
    if (passed < 2 * day) return `${whole.format(Math.floor(passed / hour))} h`
    return `${whole.format(Math.floor(passed / day))} d`
  }

  return {
    whole: (value) => whole.format(value),
    rate: (value) => (value < 100 ? tenths : whole).format(value),
    tenths: (value) => tenths.format(value),
    hundredths: (value) => hundredths.format(value),
    plain: (value) => plain.format(value),
    percent: (share) => percent.format(share),
    brl: (value) => cents.format(value),
    brlShort: (value) => (Math.abs(value) < 100 ? cents : wholeReais).format(value),
    lag: (ms) => (ms < 10 * second ? `${whole.format(ms)} ms` : age(ms)),
    age,
    time: (at) => time.format(at),
    moment: (at, now) =>
      date.format(at) === date.format(now) ? time.format(at) : `${date.format(at)} ${time.format(at)}`,
    byName: new Intl.Collator(language, { numeric: true }),
  }
}
