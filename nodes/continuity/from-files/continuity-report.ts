import { textTable } from '../../../platform/runtime/text-table.ts'
import type { CompensationItem } from '../domain/compensation.ts'
import type { EventDuration } from '../domain/individual.ts'
import { totalsOf } from './continuity-json.ts'
import type { FileConjuntoMonth, FileUnitMonth } from './file-month.ts'

const words = {
  en: {
    locale: 'en-US',
    conjuntos: ['conjunto', 'NUC', 'DEC', 'FEC', 'DEC limit', 'FEC limit', 'units paid', 'R$', 'waiting'],
    units: ['unit', 'conjunto', 'class', 'DIC h', 'FIC', 'DMIC h', 'DICRI h', 'DISE h', 'R$'],
    none: 'No unit has an interruption in this month.',
    all: 'all',
    above: '* above its limit',
    more: (count: number) => `${count} more units with interruptions: --json has all of them.`,
    waits: 'waits',
    quarter: 'quarter',
    year: 'year',
    calculation: 'How each amount comes about',
    rule: (source: string, since: string) => `Rule: ${source}, applied here since ${since}`,
    limits: (source: string) => `Limits: ${source}`,
  },
  pt: {
    locale: 'pt-BR',
    conjuntos: ['conjunto', 'NUC', 'DEC', 'FEC', 'limite DEC', 'limite FEC', 'UCs pagas', 'R$', 'aguardam'],
    units: ['UC', 'conjunto', 'classe', 'DIC h', 'FIC', 'DMIC h', 'DICRI h', 'DISE h', 'R$'],
    none: 'Nenhuma UC teve interrupção neste mês.',
    all: 'todos',
    above: '* acima do limite',
    more: (count: number) => `Mais ${count} UCs com interrupções: --json traz todas.`,
    waits: 'aguarda',
    quarter: 'trimestre',
    year: 'ano',
    calculation: 'Como se chega a cada valor',
    rule: (source: string, since: string) => `Regra: ${source}, aplicada aqui desde ${since}`,
    limits: (source: string) => `Limites: ${source}`,
  },
} as const
type Words = (typeof words)[keyof typeof words]

/** Units that are shown: those to which most is due. */
const mostUnits = 40
const hourMs = 3_600_000

/** A month as tables for people, and how each amount was calculated. */
export function continuityReport(
  conjuntos: readonly FileConjuntoMonth[],
  units: Iterable<FileUnitMonth>,
  language: keyof typeof words,
): string {
  const said = words[language]
  const { shown, count } = greatest(units)
  const parts = [conjuntoTable(conjuntos, said), ...unitParts(shown, said)]
  if (count > shown.length) parts.push(said.more(count - shown.length))
  return `${[...parts, ...calculations(shown, said)].join('\n\n')}\n`
}

/** Those to which most is due, however many there are. */
function greatest(units: Iterable<FileUnitMonth>): { shown: readonly FileUnitMonth[]; count: number } {
  const exact = ({ compensation, pending }: FileUnitMonth): number =>
    pending === null ? (compensation?.exactBrl ?? -1) : Infinity
  const byMoney = (a: FileUnitMonth, b: FileUnitMonth): number => {
    const [less, more] = [exact(a), exact(b)]
    return less === more ? (a.unit.unitId < b.unit.unitId ? -1 : 1) : more > less ? 1 : -1
  }
  let [shown, count] = [[] as FileUnitMonth[], 0]
  for (const unit of units) {
    count++
    shown.push(unit)
    if (shown.length === 50 * mostUnits) shown = shown.sort(byMoney).slice(0, mostUnits)
  }
  return { shown: shown.sort(byMoney).slice(0, mostUnits), count }
}

function conjuntoTable(conjuntos: readonly FileConjuntoMonth[], said: Words): string {
  const hundredths = (value: number | undefined): string => (value === undefined ? '' : numberIn(said, value / 100, 2))
  const { units, compensated, pending, amountBrl } = totalsOf(conjuntos)
  const rows = conjuntos.map(({ collective, limit, ...conjunto }) => [
    ...[conjunto.conjuntoId, String(conjunto.units)],
    ...[hundredths(collective.decHundredths), hundredths(collective.fecHundredths)],
    ...[hundredths(limit?.decHundredths), hundredths(limit?.fecHundredths)],
    ...[String(conjunto.compensated), numberIn(said, conjunto.amountBrl, 2), String(conjunto.pending)],
  ])
  const all = [
    said.all,
    String(units),
    '',
    '',
    '',
    '',
    String(compensated),
    numberIn(said, amountBrl, 2),
    String(pending),
  ]
  return textTable([said.conjuntos, ...rows, all], 1)
}

function unitParts(units: readonly FileUnitMonth[], said: Words): string[] {
  if (units.length === 0) return [said.none]
  const table = textTable([said.units, ...units.map((unit) => unitCells(unit, said))], 3)
  const waiting = units.flatMap(({ unit, pending }) =>
    pending === null ? [] : [`${unit.unitId}: ${said.waits}: ${pending}`],
  )
  return [
    table,
    ...(units.some(({ compensation }) => compensation && compensation.items.length > 0) ? [said.above] : []),
    ...(waiting.length > 0 ? [waiting.join('\n')] : []),
  ]
}

function unitCells(month: FileUnitMonth, said: Words): string[] {
  const { unit, dicMs, fic, dmicMs, dicri, dise, compensation } = month
  const violated = new Set(compensation?.items.map(({ indicator }) => indicator))
  const marked = (indicator: CompensationItem['indicator'], text: string): string =>
    text === '' ? '' : `${text}${violated.has(indicator) ? '*' : ' '}`
  const hours = (ms: number): string => numberIn(said, ms / hourMs, 2)
  const events = (all: readonly EventDuration[]): string => all.map(({ ms }) => hours(ms)).join(' + ')
  return [
    ...[unit.unitId, unit.conjuntoId, unit.voltageClass, marked('DIC', hours(dicMs)), marked('FIC', String(fic))],
    ...[marked('DMIC', hours(dmicMs)), marked('DICRI', events(dicri)), marked('DISE', events(dise))],
    compensation === null ? (month.pending === null ? '' : '?') : numberIn(said, compensation.amountBrl, 2),
  ]
}

function calculations(units: readonly FileUnitMonth[], said: Words): string[] {
  const due = units.flatMap(({ unit, compensation }) =>
    compensation && compensation.amountBrl > 0 ? [{ unitId: unit.unitId, compensation }] : [],
  )
  const lines = due.map(({ unitId, compensation: { items, amountBrl } }) => {
    const paid = items.filter((item) => item.paid).map((item) => calculation(item, said))
    return `${unitId}  R$ ${numberIn(said, amountBrl, 2)} = ${paid.join(' + ')}`
  })
  const periods = units.flatMap(({ unit, periods: of }) =>
    of.flatMap(({ period, paid, money, ...item }) =>
      paid && money.amountBrl > 0
        ? [
            `${unit.unitId} ${said[period]}  R$ ${numberIn(said, money.amountBrl, 2)} = ${calculation({ ...item, money }, said)}`,
          ]
        : [],
    ),
  )
  const rules = new Set(due.map(({ compensation: { rule } }) => said.rule(rule.source, rule.validFrom)))
  const limits = new Set(
    due.flatMap(({ compensation }) =>
      compensation.items.map(({ money }) => said.limits(String(money.inputs['limits']))),
    ),
  )
  if (lines.length + periods.length === 0) return []
  return [[said.calculation, ...lines, ...periods, ...rules, ...limits].join('\n')]
}

/** The formula with its inputs in their places. */
const calculation = (
  { indicator, money: { formula, inputs } }: Pick<CompensationItem, 'indicator' | 'money'>,
  said: Words,
): string =>
  `${indicator} ${formula.replaceAll(/[A-Za-z]\w*/g, (name) => {
    const input = inputs[name]
    return typeof input === 'number' ? numberIn(said, input, 0, 6) : name
  })}`

const numberIn = ({ locale }: Words, value: number, least: number, most = least): string =>
  value.toLocaleString(locale, { minimumFractionDigits: least, maximumFractionDigits: most, useGrouping: false })
