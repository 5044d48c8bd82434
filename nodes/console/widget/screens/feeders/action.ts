import { ref, type Ref, shallowRef, type ShallowRef } from 'vue'
import { ApiFault } from '../../connection/api.ts'

/** Something that a user does through the API, one at a time. */
export interface Action {
  readonly isActing: Ref<boolean>
  /** Why the last one was refused. */
  readonly fault: ShallowRef<ApiFault | undefined>
  /** @returns whether it was done; not while another one is under way */
  act(doing: () => Promise<unknown>): Promise<boolean>
}

export function useAction(): Action {
  const isActing = ref(false)
  const fault = shallowRef<ApiFault>()
  return {
    ...{ isActing, fault },
    async act(doing) {
      if (isActing.value) return false
      isActing.value = true
      fault.value = undefined
      try {
        await doing()
        return true
      } catch (error) {
        if (!(error instanceof ApiFault)) throw error
        fault.value = error
        return false
      } finally {
        isActing.value = false
      }
    },
  }
}
