import { onScopeDispose, ref, type Ref } from 'vue'

export type Tone = 'dark' | 'light'

const cookie = 'lv_tone'
const aYearSeconds = 31_536_000

/** @param cookies  `document.cookie` */
export function rememberedTone(cookies: string): Tone | undefined {
  const tone = new RegExp(`(?:^|;\\s*)${cookie}=([^;]+)`).exec(cookies)?.[1]
  return tone === 'dark' || tone === 'light' ? tone : undefined
}

/** @returns what to set `document.cookie` to */
export const rememberingTone = (tone: Tone): string =>
  `${cookie}=${tone}; Path=/; Max-Age=${aYearSeconds}; SameSite=Lax`

/** Dark or light: as it was chosen on a page, else as the browser likes it, also when that changes. */
export function useTone(): { tone: Ref<Tone>; choose(tone: Tone): void } {
  const likesDark = matchMedia('(prefers-color-scheme: dark)')
  const liked = (): Tone => (likesDark.matches ? 'dark' : 'light')
  const tone = ref<Tone>(rememberedTone(document.cookie) ?? liked())
  const follow = (): void => {
    if (rememberedTone(document.cookie) === undefined) tone.value = liked()
  }
  likesDark.addEventListener('change', follow)
  onScopeDispose(() => likesDark.removeEventListener('change', follow))
  return {
    tone,
    choose(chosen) {
      tone.value = chosen
      document.cookie = rememberingTone(chosen)
    },
  }
}
