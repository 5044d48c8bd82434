import { type Language, languages } from './texts.ts'

const storageKey = 'linhaviva.language'

/**
 * The language of the screen: the one chosen before, else the first of the browser's that is spoken here, else English.
 * @param preferred  the browser's languages, most wanted first (`navigator.languages`)
 * @param chosen     what was chosen on the screen, if anything
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

/** Storage may be forbidden by the browser: then the choice lasts as long as the page, and the console says why. */
export function rememberedLanguage(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch (error) {
    console.info('language choice not readable:', String(error))
    return null
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch (error) {
    console.info('language choice not kept:', String(error))
  }
}
