import { computed, type ComputedRef, inject, type InjectionKey, provide, ref, type Ref } from 'vue'
import { type Reason, reasons } from '../../../platform/wire/reasons.ts'
import { type Formats, formatsOf } from './formats.ts'
import { chooseLanguage, rememberedLanguage, rememberingLanguage } from './language.ts'
import { type Language, type TextKey, texts } from './texts.ts'

/** What every part of the screen speaks with: texts and formats of the language in use. */
export interface Speech {
  language: Ref<Language>
  words: ComputedRef<Record<TextKey, string>>
  formats: ComputedRef<Formats>
  reasonText(reason: Reason): string
  speak(language: Language): void
}

const key: InjectionKey<Speech> = Symbol('speech')

/** @param page  where the choice is kept: its cookies */
export function provideSpeech(page: { cookie: string } = document): Speech {
  const language = ref(chooseLanguage(navigator.languages, rememberedLanguage(page.cookie)))
  const speech: Speech = {
    language,
    words: computed(() => texts[language.value]),
    formats: computed(() => formatsOf(language.value)),
    reasonText: (reason) => reasons[reason][language.value === 'pt-BR' ? 'pt' : 'en'],
    speak: (chosen) => {
      language.value = chosen
      page.cookie = rememberingLanguage(chosen)
    },
  }
  provide(key, speech)
  return speech
}

export function useSpeech(): Speech {
  const speech = inject(key)
  if (!speech) throw new Error('this part stands outside the field overview')
  return speech
}
