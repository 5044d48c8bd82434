import type { Condition } from './condition.ts'
import { feederConditionTexts } from './feeder-condition-texts.ts'
import { solarConditionTexts } from './solar-condition-texts.ts'

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
  'continuity.outage': {
    en: '{units} units without supply since {startedAt} ({element})',
    pt: '{units} unidades sem fornecimento desde {startedAt} ({element})',
  },
  'continuity.supply-restored': {
    en: 'Supply is restored ({element})',
    pt: 'Fornecimento restabelecido ({element})',
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
  'rules.holds': {
    en: '{rule}[: {found} {unit}]',
    pt: '{rule}[: {found} {unit}]',
  },
  'rules.holds-no-more': {
    en: '{rule}: no longer[, {found} {unit}]',
    pt: '{rule}: não mais[, {found} {unit}]',
  },
  'telemetry.device-silent': {
    en: '{device}: nothing received since {lastAt}[, it is seldom silent for more than {usualMinutes} min]',
    pt: '{device}: nada recebido desde {lastAt}[, raramente fica mais de {usualMinutes} min em silêncio]',
  },
  'telemetry.device-heard': {
    en: '{device} reports again, or is not expected to any more',
    pt: '{device} voltou a enviar, ou não se espera mais que envie',
  },
  'telemetry.device-offline': {
    en: '{device} is offline since {sinceAt}, by its own word or the broker’s',
    pt: '{device} está offline desde {sinceAt}, segundo ele próprio ou o broker',
  },
  'telemetry.device-online': {
    en: '{device} is online, or is not expected to be any more',
    pt: '{device} está online, ou não se espera mais que esteja',
  },
  'telemetry.values-stuck': {
    en: '{device}: {measures} exactly the same since {sinceAt}[ ({values})]',
    pt: '{device}: {measures} exatamente sem mudar desde {sinceAt}[ ({values})]',
  },
  'telemetry.values-vary': {
    en: '{device}: its values vary again, or none come',
    pt: '{device}: os valores voltaram a variar, ou não chegam mais',
  },
  'telemetry.quarantine-flood': {
    en: '{device}: {count} messages into quarantine within {minutes} min, most of them for {reason}',
    pt: '{device}: {count} mensagens para a quarentena em {minutes} min, a maioria por {reason}',
  },
  'telemetry.quarantine-flood-unregistered': {
    en: 'Unregistered devices: {count} messages into quarantine within {minutes} min for {reason}',
    pt: 'Dispositivos não cadastrados: {count} mensagens para a quarentena em {minutes} min por {reason}',
  },
  'telemetry.quarantine-usual': {
    en: 'No more goes into quarantine than usual',
    pt: 'Não vai para a quarentena mais do que o usual',
  },
  'telemetry.clock-skew': {
    en: '{device}: {count} messages within {minutes} min with instants that cannot be ({reason})',
    pt: '{device}: {count} mensagens em {minutes} min com instantes impossíveis ({reason})',
  },
  'telemetry.clock-right': {
    en: '{device}: no more instants that cannot be',
    pt: '{device}: sem mais instantes impossíveis',
  },
  'telemetry.consumer-behind': {
    en: '{consumer} is {minutes} min behind what is stored ({batches} commits)',
    pt: '{consumer} está {minutes} min atrás do que está gravado ({batches} gravações)',
  },
  'telemetry.consumer-caught-up': {
    en: '{consumer} has caught up, or does not run any more',
    pt: '{consumer} está em dia, ou não roda mais',
  },
  'telemetry.feeder-overload': {
    en: 'Feeder {feeder} carries {loadKw} kW, its limit is {limitKw} kW',
    pt: 'Alimentador {feeder} com {loadKw} kW, seu limite é {limitKw} kW',
  },
  'telemetry.feeder-within-limit': {
    en: 'Feeder {feeder} is within its limit of {limitKw} kW, or has none any more',
    pt: 'Alimentador {feeder} dentro do seu limite de {limitKw} kW, ou sem limite',
  },
  'platform.broker-lost': {
    en: 'No connection to the MQTT broker since {sinceAt}: {detail}',
    pt: 'Sem conexão com o broker MQTT desde {sinceAt}: {detail}',
  },
  'platform.broker-back': {
    en: 'Connected to the MQTT broker',
    pt: 'Conectado ao broker MQTT',
  },
  'platform.database-lost': {
    en: 'The database is not there since {sinceAt}: {detail}',
    pt: 'Sem banco de dados desde {sinceAt}: {detail}',
  },
  'platform.database-back': {
    en: 'The database is there, nothing was stored for {minutes} min',
    pt: 'O banco de dados voltou, nada foi gravado por {minutes} min',
  },
  'platform.disk-nearly-full': {
    en: 'The disk of {place} is {usedPct} full, {freeGb} GB are left',
    pt: 'O disco de {place} está {usedPct} cheio, restam {freeGb} GB',
  },
  'platform.disk-has-room': {
    en: 'The disk of {place} has room again ({usedPct} full)',
    pt: 'O disco de {place} voltou a ter espaço ({usedPct} cheio)',
  },
  'commands.command-unknown': {
    en: 'Nobody knows what became of “{command}” to {device}[, sent on {sentAt}]: the device is blocked',
    pt: 'Não se sabe o que foi feito de “{command}” para {device}[, enviado: {sentAt}]: dispositivo bloqueado',
  },
  'commands.not-verified': {
    en: '{device} says that it has done “{command}”, and nothing is seen of it: the device is blocked',
    pt: '{device} diz que executou “{command}”, mas nada se observa: dispositivo bloqueado',
  },
  'commands.device-free': {
    en: 'It is known what became of “{command}” to {device}',
    pt: 'Sabe-se o que foi feito de “{command}” para {device}',
  },
  'commands.command-failed': {
    en: '“{command}” to {device}: {how}',
    pt: '“{command}” para {device}: {how}',
  },
  'commands.failure-over': {
    en: '“{command}” to {device} is over',
    pt: '“{command}” para {device} encerrado',
  },
  'commands.acks-unheard': {
    en: 'Nobody hears what devices answer to commands',
    pt: 'Ninguém recebe as respostas dos dispositivos aos comandos',
  },
  'commands.acks-heard': {
    en: 'The answers of devices are heard',
    pt: 'Respostas dos dispositivos sendo recebidas',
  },
  'commands.setpoint-ignored': {
    en: '{device} does not follow its setpoint: {powerKw} kW, not {setpointKw} kW',
    pt: '{device} não segue o setpoint: {powerKw} kW, e não {setpointKw} kW',
  },
  'commands.setpoint-followed': {
    en: '{device} follows its setpoint, or has none',
    pt: '{device} segue o setpoint, ou não tem nenhum',
  },
  ...feederConditionTexts,
  ...solarConditionTexts,
  'alarms.notification-failed': {
    en: 'Channel {channel} does not get through: {tries} tries in vain ({error})',
    pt: 'Canal {channel} sem entrega: {tries} tentativas em vão ({error})',
  },
  'alarms.notification-works': {
    en: 'Channel {channel} gets through',
    pt: 'Canal {channel} entregando',
  },
} as const satisfies Record<string, { readonly en: string; readonly pt: string }>

export type ConditionMessage = keyof typeof conditionTexts

type Parameter = Condition['text']['parameters'][string]

const locales = { en: 'en-US', pt: 'pt-BR' } as const
/** Parameters that have the words of a text which is not known here. */
const wordsOf = { en: 'english', pt: 'portuguese' } as const
const hourMs = 3_600_000
/** The farthest from 1970 that a calendar reaches, ms (ECMA-262, time values). */
const lastInstant = 8.64e15

/**
 * What a condition says, for people.
 * @param timeZone  IANA zone of instants
 * @returns where the message is one of a flow, what it says itself in `english` and `portuguese`, or else the message
 */
export function conditionText({ text }: Pick<Condition, 'text'>, language: 'en' | 'pt', timeZone: string): string {
  const { message, parameters } = text
  const template = Object.hasOwn(conditionTexts, message)
    ? conditionTexts[message as ConditionMessage][language]
    : undefined
  if (template === undefined) return String(parameters[wordsOf[language]] ?? parameters[wordsOf.en] ?? message)
  const known = (part: string): boolean =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => Object.hasOwn(parameters, name!))
  return template
    .replaceAll(/\[([^\]]*)\]/g, (_, part: string) => (known(part) ? part : ''))
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(name, parameters[name] ?? '', language, timeZone))
}

/** The same in the languages of the house. */
export const conditionWords = (condition: Pick<Condition, 'text'>, timeZone: string): { en: string; pt: string } => ({
  en: conditionText(condition, 'en', timeZone),
  pt: conditionText(condition, 'pt', timeZone),
})

/** A parameter by the unit in its name. */
function shown(name: string, value: Parameter, language: 'en' | 'pt', timeZone: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object') return value[language]
  const locale = locales[language]
  // Parameters of a flow's own conditions are numbers, and no more is known of them: one must not make all others unreadable.
  if (name.endsWith('At') && Math.abs(value) <= lastInstant)
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
