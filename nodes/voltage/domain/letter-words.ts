const months = [
  ...['janeiro', 'fevereiro', 'março', 'abril', 'maio', 'junho'],
  ...['julho', 'agosto', 'setembro', 'outubro', 'novembro', 'dezembro'],
]

const figures = (least: number, most: number): Intl.NumberFormat =>
  new Intl.NumberFormat('pt-BR', { minimumFractionDigits: least, maximumFractionDigits: most })
const exact = figures(0, 6)
const twoDecimals = figures(2, 2)

/** As `1.008` or `8,035714`: six decimals at most. */
export const number = (value: number): string => exact.format(value)

/** As `8,03%`. @param pct  already brought to two decimals */
export const percent = (pct: number): string => `${twoDecimals.format(pct)}%`

/** As `R$ 116,46`, which no line breaks. */
export const money = (brl: number): string => `R$\u00a0${twoDecimals.format(brl)}`

/** As `220 V`, which no line breaks. */
export const volts = (value: number): string => `${number(value)}\u00a0V`

/** `2026-11-21` as `21 de novembro de 2026`. */
export function civilDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${date === 1 ? '1º' : date} de ${months[month! - 1]} de ${year}`
}

/** `2026-11-21` as `21/11/2026`. */
export const shortDay = (day: string): string => day.split('-').toReversed().join('/')

/** As `21/11/2026 às 14:30`. @param at  UTC milliseconds */
export function instant(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('pt-BR', {
    ...{ timeZone, calendar: 'iso8601', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  })
  // Put together here: how a locale joins date and time changes between releases of its data.
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.day}/${part.month}/${part.year} às ${part.hour}:${part.minute}`
}

/** As `DRP e DRC`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} e ${words.at(-1)}`

/** As `1 dia`, `15 dias`. */
export const counted = (count: number, one: string, many: string): string =>
  `${number(count)} ${count === 1 ? one : many}`

/** Where a rule stands, in Portuguese, without the remarks on how sure that is, which the record keeps. */
export const sourceWords = (source: string): string =>
  source
    .replace(/;.*$/s, '')
    .replaceAll(/ \([^)]*\)/g, '')
    .replaceAll(/\bitems\b/g, 'itens')
    .replaceAll(/\bTables?\b/g, (word) => (word === 'Table' ? 'Tabela' : 'Tabelas'))
    .replaceAll(/ and /g, ' e ')
