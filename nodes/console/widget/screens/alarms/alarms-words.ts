import type { Words } from '../screen-words.ts'
import { alarmEnglish } from './alarms-words-en.ts'
import { alarmPortuguese } from './alarms-words-pt.ts'

export type AlarmsWord = keyof typeof alarmEnglish

/** What the page of alarms says. */
export const alarmsWords: Words<AlarmsWord> = { 'en-US': alarmEnglish, 'pt-BR': alarmPortuguese }
