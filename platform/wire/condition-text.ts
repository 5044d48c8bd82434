import type { Condition } from './condition.ts'

/**
 * What conditions say, by message. `{name}` is a parameter; what stands in brackets is left out where a parameter of it is
 * missing.
 */
export const conditionTexts = {
  'voltage.limit-broken': {
    en: '{indicator} limit broken on {brokenAt}[, {expectedBrl} expected]',
    pt: 'Limite de {indicator} ultrapassado: {brokenAt}[, {expectedBrl} esperados]',
  },
  'voltage.limit-at-risk': {
    en: '{indicator} budget {usedPct} used, breaks on {medianAt} ± {withinMs} (probability {probabilityPct})[, {expectedBrl} expected]',
    pt: '{indicator}: {usedPct} da margem usados, transgressão prevista: {medianAt} ± {withinMs} (probabilidade {probabilityPct})[, {expectedBrl} esperados]',
  },
  'voltage.budget-used': {
    en: '{indicator} budget {usedPct} used, probability of breaking {probabilityPct}',
    pt: '{indicator}: {usedPct} da margem usados, probabilidade de transgressão {probabilityPct}',
  },
  'voltage.limit-holds': {
    en: '{indicator} budget is not at risk ({usedPct} used)',
    pt: '{indicator}: margem fora de risco ({usedPct} usados)',
  },
} as const satisfies Record<string, { readonly en: string; readonly pt: string }>

export type ConditionMessage = keyof typeof conditionTexts

const locales = { en: 'en-US', pt: 'pt-BR' } as const
const hourMs = 3_600_000

/**
 * What a condition says, for people.
 * @param timeZone  IANA zone of instants
 * @returns the message itself where no text is known for it
 */
export function conditionText({ text }: Pick<Condition, 'text'>, language: 'en' | 'pt', timeZone: string): string {
  const { message, parameters } = text
  const template = Object.hasOwn(conditionTexts, message)
    ? conditionTexts[message as ConditionMessage][language]
    : undefined
  if (template === undefined) return message
  const known = (part: string): boolean =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => Object.hasOwn(parameters, name!))
  return template
    .replaceAll(/\[([^\]]*)\]/g, (_, part: string) => (known(part) ? part : ''))
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(name, parameters[name] ?? '', locales[language], timeZone))
}

/** A parameter by the unit in its name. */
function shown(name: string, value: number | string, locale: string, timeZone: string): string {
  if (typeof value === 'string') return value
  if (name.endsWith('At'))
    return new Intl.DateTimeFormat(locale, {
      ...{ timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    }).format(value)
  if (name.endsWith('Ms')) return `${numberOf(locale, value / hourMs, value < 3 * hourMs ? 1 : 0)} h`
  if (name.endsWith('Pct')) return `${numberOf(locale, value, 0)} %`
  if (name.endsWith('Brl'))
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: 'BRL',
      maximumFractionDigits: value < 10 ? 2 : 0,
    })
      .format(value)
      .replace(/^R\$\s?/, 'R$ ')
  return numberOf(locale, value, 2)
}

const numberOf = (locale: string, value: number, digits: number): string =>
  value.toLocaleString(locale, { maximumFractionDigits: digits })
