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
  'continuity.limit-breaks': {
    en: '{units} units break {limit} within {withinMs}, {costBrl} at once ({element})',
    pt: '{units} unidades ultrapassam {limit} em {withinMs}, {costBrl} de imediato ({element})',
  },
  'continuity.no-limit-breaks': {
    en: 'No limit of {limit} is about to break ({element})',
    pt: 'Nenhum limite de {limit} prestes a ser ultrapassado ({element})',
  },
  'continuity.priority-out': {
    en: '{units} units with priority service are without supply ({element})',
    pt: '{units} unidades de serviço prioritário sem fornecimento ({element})',
  },
  'continuity.priority-supplied': {
    en: 'Priority services have supply ({element})',
    pt: 'Serviços prioritários com fornecimento ({element})',
  },
  'continuity.critical-day-near': {
    en: '{conjunto}: {occurrences} emergency occurrences today, above {threshold} the day is critical',
    pt: '{conjunto}: {occurrences} ocorrências emergenciais hoje, acima de {threshold} o dia é crítico',
  },
  'continuity.critical-day-reached': {
    en: '{conjunto}: {occurrences} emergency occurrences today are above {threshold}: a critical day',
    pt: '{conjunto}: {occurrences} ocorrências emergenciais hoje, acima de {threshold}: dia crítico',
  },
  'continuity.critical-day-far': {
    en: '{conjunto}: {occurrences} emergency occurrences today, far from {threshold}',
    pt: '{conjunto}: {occurrences} ocorrências emergenciais hoje, longe de {threshold}',
  },
  'continuity.emergency-near': {
    en: 'Event {event}: {chi} of {limit} customer-hours for a situation of emergency[, reached on {reachesAt}]',
    pt: 'Evento {event}: {chi} de {limit} consumidores-hora para situação de emergência[, atinge: {reachesAt}]',
  },
  'continuity.emergency-reached': {
    en: 'Event {event}: {chi} customer-hours, from {limit} on it may be a situation of emergency',
    pt: 'Evento {event}: {chi} consumidores-hora, a partir de {limit} pode ser situação de emergência',
  },
  'continuity.emergency-far': {
    en: 'Event {event} is over, or far from a situation of emergency',
    pt: 'Evento {event} encerrado, ou longe de situação de emergência',
  },
  'continuity.unit-above-limit': {
    en: 'Above its limit of {indicators} in {month}[, {dueBrl} due]',
    pt: 'Acima do limite de {indicators} em {month}[, {dueBrl} devidos]',
  },
  'continuity.unit-within-limits': {
    en: 'Within its limits in {month}',
    pt: 'Dentro dos limites em {month}',
  },
  'continuity.conjunto-above-limit': {
    en: 'Above the limit of {indicator} for {year} ({usedPct} of it)',
    pt: 'Acima do limite de {indicator} de {year} ({usedPct} dele)',
  },
  'continuity.conjunto-limit-used': {
    en: '{usedPct} of the limit of {indicator} for {year} used',
    pt: '{usedPct} do limite de {indicator} de {year} usados',
  },
  'continuity.conjunto-limit-holds': {
    en: '{indicator} is not near its limit for {year} ({usedPct} used)',
    pt: '{indicator} longe do limite de {year} ({usedPct} usados)',
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
