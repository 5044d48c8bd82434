import { computed, type ComputedRef } from 'vue'
import type { Language } from '../texts.ts'
import { useSpeech } from '../words.ts'

const formats: Readonly<Record<Language, Intl.NumberFormat>> = {
  'pt-BR': new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' }),
  'en-US': new Intl.NumberFormat('en-US', { style: 'currency', currency: 'BRL' }),
}

/** Money of Brazil, with its cents, as a language writes it. */
export const reaisIn = (language: Language, amountBrl: number): string => formats[language].format(amountBrl)

/** Writes amounts in the language that the user reads. */
export function useReais(): ComputedRef<(amountBrl: number) => string> {
  const { language } = useSpeech()
  return computed(() => (amountBrl: number) => reaisIn(language.value, amountBrl))
}
