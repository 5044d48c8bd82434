import { onScopeDispose, ref, type Ref, watch } from 'vue'

/** What somebody types, once they pause: a question a keystroke would be asked for nothing. @param afterMs  ms without a change */
export function useSettled<T>(source: () => T, afterMs = 300): Readonly<Ref<T>> {
  const settled = ref(source()) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => (settled.value = value), afterMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
