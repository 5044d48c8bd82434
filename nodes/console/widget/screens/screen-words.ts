import { computed, type ComputedRef } from 'vue'
import type { Language } from '../texts.ts'
import { useSpeech } from '../words.ts'

/** Words of one page: the same keys in each language. */
export type Words<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>

/** The words of a page in the language that its user reads. */
export function useWords<Key extends string>(words: Words<Key>): ComputedRef<Readonly<Record<Key, string>>> {
  const { language } = useSpeech()
  return computed(() => words[language.value])
}

/** A text that the API gives in both languages. */
export interface BothLanguages {
  readonly en: string
  readonly pt: string
}

/** @returns picks of such a text what the user reads */
export function useBoth(): (text: BothLanguages) => string {
  const { language } = useSpeech()
  return (text) => (language.value === 'pt-BR' ? text.pt : text.en)
}

/** Puts values in the place of `{name}` in a text. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
