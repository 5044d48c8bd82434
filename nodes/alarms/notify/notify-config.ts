import { numberSetting } from '../../../platform/node/number-setting.ts'
import { isIdentifier } from '../../../platform/wire/fields.ts'
import { priorities, type Priority } from '../domain/alarm.ts'
import type { ChannelFilter } from '../domain/notification.ts'
import { languages, type Language } from './notification-words.ts'

/** How a notify node tells: the state of every alarm over MQTT, or what a channel tells of, by webhook or through the next node. */
export const ways = ['mqtt', 'webhook', 'message'] as const
export type Way = (typeof ways)[number]

/** Configuration of a notify node, as the editor has it: numbers may come as text, lists are separated by commas. */
export interface NotifyConfig {
  database: string
  via: Way
  broker: string
  channel: string
  language: Language
  url: string
  to: string
  leastPriority: Priority
  areas: string
  feeders: string
  responsibility: string
  tellsRaised: boolean
  tellsEscalated: boolean
  tellsCleared: boolean
  most: number | string
  windowMinutes: number | string
  mostTries: number | string
  timeoutSeconds: number | string
  confirmSeconds: number | string
}

export const notifyDefaults: NotifyConfig = {
  ...{ database: '', via: 'mqtt', broker: '', channel: '', language: 'pt-BR', url: '', to: '' },
  ...{ leastPriority: 'low', areas: '', feeders: '', responsibility: '' },
  ...{ tellsRaised: true, tellsEscalated: false, tellsCleared: true },
  ...{ most: 10, windowMinutes: 10, mostTries: 12, timeoutSeconds: 10, confirmSeconds: 120 },
}

/** A channel's part of the configuration, checked. */
export interface ChannelSettings {
  readonly name: string
  readonly language: Language
  readonly filter: ChannelFilter
  readonly responsibility: string | null
  readonly rate: { readonly most: number; readonly windowMs: number }
  readonly mostTries: number
  readonly timeoutMs: number
  readonly confirmMs: number
}

/** @throws Error that names the field and the value */
export function channelSettings(config: NotifyConfig): ChannelSettings {
  const { channel, leastPriority, language, responsibility } = config
  if (!isIdentifier(channel))
    throw new Error(
      `channel is ${JSON.stringify(channel)}: it takes letters, digits and _ . : -, a letter or digit first, 64 at most`,
    )
  if (!priorities.includes(leastPriority))
    throw new Error(`leastPriority is ${JSON.stringify(leastPriority)}: it takes ${priorities.join(', ')}`)
  if (!languages.includes(language))
    throw new Error(`language is ${JSON.stringify(language)}: it takes ${languages.join(', ')}`)
  const told = { raised: config.tellsRaised, escalated: config.tellsEscalated, cleared: config.tellsCleared }
  return {
    ...{ name: channel, language, responsibility: responsibility.trim() || null },
    filter: {
      ...{ leastPriority, areas: listOf('areas', config.areas), feeders: listOf('feeders', config.feeders) },
      tells: (['raised', 'escalated', 'cleared'] as const).filter((what) => told[what]),
    },
    rate: {
      most: numberSetting('most', config.most, 1, 1_000),
      windowMs: numberSetting('windowMinutes', config.windowMinutes, 0.01, 1_440) * 60_000,
    },
    mostTries: numberSetting('mostTries', config.mostTries, 1, 100),
    timeoutMs: numberSetting('timeoutSeconds', config.timeoutSeconds, 1, 60) * 1_000,
    confirmMs: numberSetting('confirmSeconds', config.confirmSeconds, 1, 86_400) * 1_000,
  }
}

/** @throws Error where a name is none */
function listOf(field: string, given: string): string[] {
  const names = given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const wrong = names.find((name) => !isIdentifier(name))
  if (wrong !== undefined)
    throw new Error(`${field} names ${JSON.stringify(wrong)}: it takes identifiers, separated by commas`)
  return names
}
