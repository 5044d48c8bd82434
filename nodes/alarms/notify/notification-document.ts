import { conditionText } from '../../../platform/wire/condition-text.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import type { Notice } from '../domain/notification.ts'
import type { DigestCount, DueNotification, NotifiedAlarm } from './delivery-repository.ts'
import { digestWords, noticeWords, priorityWords, remarks, roleWords, type Language } from './notification-words.ts'

/** What goes out: to a webhook as JSON; of mails the title is the subject and the text the body. */
export interface NotificationDocument {
  readonly version: 1
  /** The same however often it is sent: whoever gets it twice got it once. */
  readonly id: string
  readonly channel: string
  readonly what: Notice | 'digest'
  /** When it came to be so, ISO 8601, UTC. */
  readonly at: string
  readonly language: Language
  readonly title: string
  readonly text: string
  /** Null: a digest of many. */
  readonly alarm: (Omit<NotifiedAlarm, 'text'> & { readonly occurrence: number }) | null
  /** Of a digest what it gathers; else null. */
  readonly digest: {
    readonly count: number
    readonly of: readonly DigestCount[]
    readonly keys: readonly string[]
  } | null
}

interface Telling {
  readonly channel: string
  readonly language: Language
  /** IANA zone in which instants are told. */
  readonly timeZone: string
}

/** Puts into words what there is to say of one alarm. */
export function alarmDocument(
  due: DueNotification & { readonly alarm: NotifiedAlarm },
  definition: Pick<AlarmDefinition, 'cause' | 'consequence' | 'operatorAction'>,
  { channel, language, timeZone }: Telling,
): NotificationDocument {
  const { text, ...alarm } = due.alarm
  const said = oneLine(conditionText({ text }, words(language), timeZone))
  const what = due.what as Notice
  const lines = [
    said,
    place(due.alarm, language),
    ...(alarm.escalatedTo ? [`${remarks[language].escalatedTo}: ${roleWords[language][alarm.escalatedTo]}`] : []),
    ...(alarm.members > 0 ? [remarks[language].explains(alarm.members)] : []),
    ...(what === 'cleared'
      ? []
      : (['cause', 'consequence', 'operatorAction'] as const).map(
          (part) => `${remarks[language][part]}: ${oneLine(definition[part][words(language)])}`,
        )),
    `${remarks[language].since} ${instantIn(due.at, language, timeZone)} · ${alarm.key} · ${due.occurrence}`,
  ]
  return {
    ...{ version: 1, id: due.id, channel, what, at: new Date(due.at).toISOString(), language },
    title: oneLine(`[${priorityWords[language][alarm.priority]}] ${noticeWords[language][what]}: ${said}`, 200),
    text: lines.join('\n'),
    alarm: { ...alarm, occurrence: due.occurrence! },
    digest: null,
  }
}

/** Puts into words what a digest gathers. */
export function digestDocument(
  due: Pick<DueNotification, 'id' | 'at'>,
  content: { readonly counts: readonly DigestCount[]; readonly keys: readonly string[] },
  { channel, language, timeZone }: Telling,
): NotificationDocument {
  const count = content.counts.reduce((sum, part) => sum + part.count, 0)
  const title = digestWords[language](count)
  const lines = [
    title,
    ...content.counts.map(
      (part) => `${part.count} × ${noticeWords[language][part.what]}, ${priorityWords[language][part.priority]}`,
    ),
    ...content.keys.map((key) => `– ${key}`),
    ...(count > content.keys.length ? ['– …'] : []),
    `${remarks[language].since} ${instantIn(due.at, language, timeZone)}`,
  ]
  return {
    ...{ version: 1, id: due.id, channel, what: 'digest', at: new Date(due.at).toISOString(), language, title },
    text: lines.join('\n'),
    alarm: null,
    digest: { count, of: content.counts, keys: content.keys },
  }
}

const words = (language: Language): 'en' | 'pt' => (language === 'pt-BR' ? 'pt' : 'en')

const place = ({ feederId, unitId, deviceId, subject }: NotifiedAlarm, language: Language): string =>
  [
    `${remarks[language].subject} ${subject}`,
    ...(feederId !== null && feederId !== subject ? [`${remarks[language].feeder} ${feederId}`] : []),
    ...(unitId !== null && unitId !== subject ? [`${remarks[language].unit} ${unitId}`] : []),
    ...(deviceId !== null && deviceId !== subject ? [`${remarks[language].device} ${deviceId}`] : []),
  ].join(', ')

const instantIn = (at: number, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at)

/**
 * One line, and nothing that a reader takes for markup: what devices and engineers name ends up in subjects and bodies, and the mail
 * node sends what looks like HTML as HTML.
 */
const oneLine = (text: string, most = 1_000): string =>
  text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('<', '‹')
    .slice(0, most)
    .toWellFormed()
