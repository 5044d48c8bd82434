import type { IncomingMessage } from 'node:http'
import { parseCookies } from '../access/cookies.ts'

/** The languages of our pages, as BCP 47 tags. */
export const languages = ['pt-BR', 'en-US'] as const
export type Language = (typeof languages)[number]

/** The cookie that keeps the language chosen on a page; pages and dashboard read it, and write it. */
const languageCookie = 'lv_language'

/**
 * The language of a page: the one chosen before, else the one with the highest weight of those the browser asks for
 * (of equal ones the first named), else English.
 */
export function languageOf(chosen: string | undefined, acceptLanguage = ''): Language {
  const known = languages.find((language) => language === chosen)
  if (known) return known
  const spoken = acceptLanguage.split(',').flatMap((entry) => {
    const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
    const language = languages.find((each) => each.slice(0, 2) === tag.split('-')[0])
    const weight = parameters
      .map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1])
      .find((found) => found !== undefined)
    return language && Number(weight ?? 1) > 0 ? [{ language, weight: Number(weight ?? 1) }] : []
  })
  return spoken.sort((one, other) => other.weight - one.weight)[0]?.language ?? 'en-US'
}

/** The language of the page that a request gets. */
export const languageFor = ({ headers }: IncomingMessage): Language =>
  languageOf(parseCookies(headers.cookie).get(languageCookie), headers['accept-language'])
