import { type Language, languages } from './texts.ts'

/** The cookie that keeps the language chosen on a page; the pages to log in and out read it too. */
const cookie = 'lv_language'
const aYearSeconds = 31_536_000

/**
 * The language of the screen: the one chosen before, else the first of the browser's that is spoken here, else English.
 * @param preferred  the browser's languages, most wanted first (`navigator.languages`)
 * @param chosen     what was chosen on a page, if anything
 */
export function chooseLanguage(preferred: readonly string[], chosen: string | null): Language {
  const known = languages.find((language) => language === chosen)
  if (known) return known
  for (const wanted of preferred) {
    const base = wanted.toLowerCase().split('-')[0]
    const spoken = languages.find((language) => language.split('-')[0] === base)
    if (spoken) return spoken
  }
  return 'en-US'
}

/** @param cookies  `document.cookie` */
export const rememberedLanguage = (cookies: string): string | null =>
  new RegExp(`(?:^|;\\s*)${cookie}=([^;]+)`).exec(cookies)?.[1] ?? null

/** @returns what to set `document.cookie` to */
export const rememberingLanguage = (language: Language): string =>
  `${cookie}=${language}; Path=/; Max-Age=${aYearSeconds}; SameSite=Lax`
