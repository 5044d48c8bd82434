import { onScopeDispose, ref, type Ref, shallowRef, type ShallowRef, watch } from 'vue'
import { ApiFault } from './api.ts'

/** What was asked of the API, and asked again. */
export interface Asked<Answer> {
  /** The newest answer; undefined until the first one. What stood before stays while it is asked again, also in vain. */
  readonly answer: ShallowRef<Answer | undefined>
  /** Why there is no newer one. */
  readonly fault: ShallowRef<ApiFault | undefined>
  readonly isAsking: Ref<boolean>
  /** Asks now. */
  again(): Promise<void>
}

export interface AskedOptions {
  /** Asked again so often, ms, while somebody may be looking; once unless given. */
  readonly everyMs?: number
  /** For tests. */
  isVisible?(): boolean
}

/**
 * Asks at once, whenever what is asked for changes, and every so often; only the answer to the newest question counts.
 * @param ask  reads what it depends on before it waits for anything; a question that is not to be asked answers undefined
 */
export function useAsked<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer> | undefined,
  { everyMs, isVisible = () => document.visibilityState === 'visible' }: AskedOptions = {},
): Asked<Answer> {
  const answer = shallowRef<Answer>()
  const fault = shallowRef<ApiFault>()
  const isAsking = ref(false)
  let closing: AbortController | undefined

  async function take(question: Promise<Answer> | undefined, own: AbortController): Promise<void> {
    isAsking.value = true
    try {
      const given = await question
      if (own.signal.aborted) return
      answer.value = given
      fault.value = undefined
    } catch (error) {
      if (own.signal.aborted) return
      if (!(error instanceof ApiFault)) throw error
      fault.value = error
    } finally {
      if (!own.signal.aborted) isAsking.value = false
    }
  }
  const begin = (): [Promise<Answer> | undefined, AbortController] => {
    closing?.abort()
    closing = new AbortController()
    return [ask(closing.signal), closing]
  }
  watch(begin, (question) => void take(...question), { immediate: true })
  const again = (): Promise<void> => take(...begin())

  const timer =
    everyMs === undefined
      ? undefined
      : setInterval(() => {
          if (isVisible() && !isAsking.value) void again()
        }, everyMs)
  onScopeDispose(() => {
    closing?.abort()
    clearInterval(timer)
  })
  return { answer, fault, isAsking, again }
}
