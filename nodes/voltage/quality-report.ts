import type { ExplainedMoney } from '../../platform/regulation/money.ts'
import { defaultChoices } from '../../platform/regulation/options.ts'
import { textTable } from '../../platform/runtime/text-table.ts'
import { sourceWords } from './domain/letter-words.ts'
import { publishedPct } from './domain/percentages.ts'
import type { RecordedMeasurement } from './recorded-measurements.ts'

const words = {
  en: {
    locale: 'en-US',
    none: 'The file has no windows.',
    head: ['start (UTC)', 'end (UTC)', 'valid', 'invalid', 'nlp', 'nlc', 'DRP %', 'DRC %', 'R$'],
    violated: '* above its limit',
    incomplete: (valid: number) =>
      `The last one is incomplete: it has ${valid} valid windows so far. Its DRP and DRC are of 1,008 windows all the same; its R$ is not due yet.`,
    rule: 'Rule',
    since: 'applied here since',
    source: (source: string) => source,
  },
  pt: {
    locale: 'pt-BR',
    none: 'O arquivo não tem leituras.',
    head: ['início (UTC)', 'fim (UTC)', 'válidas', 'expurgadas', 'nlp', 'nlc', 'DRP %', 'DRC %', 'R$'],
    violated: '* acima do limite',
    incomplete: (valid: number) =>
      `A última está incompleta: tem ${valid} leituras válidas até agora. Seus DRP e DRC já são sobre 1.008 leituras; seu R$ ainda não é devido.`,
    rule: 'Regra',
    since: 'aplicada aqui desde',
    source: sourceWords,
  },
} as const

type Words = (typeof words)[keyof typeof words]

/** Measurements as a table for people, and how each amount was calculated. */
export function qualityReport(measurements: readonly RecordedMeasurement[], language: keyof typeof words): string {
  const said = words[language]
  if (measurements.length === 0) return `${said.none}\n`
  const last = measurements.at(-1)!
  const parts = [
    textTable([said.head, ...measurements.map((measurement) => cellsOf(measurement, said))], 2),
    ...(measurements.some(violates) ? [said.violated] : []),
    ...(last.complete ? [] : [said.incomplete(last.valid)]),
    ...explanationsOf(measurements, said),
  ]
  return `${parts.join('\n\n')}\n`
}

const violates = ({ indicators }: RecordedMeasurement): boolean => indicators.drpViolated || indicators.drcViolated

function cellsOf({ start, end, valid, invalid, indicators, compensation }: RecordedMeasurement, said: Words): string[] {
  const { nlp, nlc, drpPct, drcPct, drpViolated, drcViolated } = indicators
  const percent = (value: number, violated: boolean): string =>
    numberIn(said, publishedPct(value, defaultChoices['voltage-percentages']), 2) + (violated ? '*' : ' ')
  return [
    ...[minuteOf(start), minuteOf(end)],
    ...[valid, invalid, nlp, nlc].map(String),
    ...[percent(drpPct, drpViolated), percent(drcPct, drcViolated)],
    compensation === null ? '' : numberIn(said, compensation.amountBrl, 2),
  ]
}

function explanationsOf(measurements: readonly RecordedMeasurement[], said: Words): string[] {
  const due = measurements.flatMap(({ start, compensation }) =>
    compensation && compensation.amountBrl > 0 ? [{ start, compensation }] : [],
  )
  if (due.length === 0) return []
  const lines = due.map(({ start, compensation }) => `${minuteOf(start)}  ${calculation(compensation, said)}`)
  const rules = new Set(
    due.map(
      ({ compensation: { rule } }) => `${said.rule}: ${said.source(rule.source)}, ${said.since} ${rule.validFrom}`,
    ),
  )
  return [[`R$ = ${due[0]!.compensation.formula}`, ...lines, ...rules].join('\n')]
}

/** The formula with its inputs in their places. */
function calculation({ formula, inputs, amountBrl }: ExplainedMoney, said: Words): string {
  const filled = formula.replaceAll(/[A-Za-z]\w*/g, (name) => {
    const input = inputs[name]
    return typeof input === 'number' ? numberIn(said, input, 0, 6) : name
  })
  return `R$ ${numberIn(said, amountBrl, 2)} = ${filled}`
}

const numberIn = ({ locale }: Words, value: number, least: number, most = least): string =>
  value.toLocaleString(locale, { minimumFractionDigits: least, maximumFractionDigits: most, useGrouping: false })

const minuteOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
