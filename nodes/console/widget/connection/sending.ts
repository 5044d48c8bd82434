import { ref, type Ref, shallowRef, type ShallowRef } from 'vue'
import { ApiFault } from './api.ts'

/** Something that a user does by the API, once at a time. */
export interface Sending {
  readonly isSending: Ref<boolean>
  /** What was refused at the last attempt. */
  readonly fault: ShallowRef<ApiFault | undefined>
  /** @returns whether it was done; while another attempt runs nothing is */
  send(work: () => Promise<void>): Promise<boolean>
}

/** @returns follows what a user does: whether it is on its way, and what was refused */
export function useSending(): Sending {
  const isSending = ref(false)
  const fault = shallowRef<ApiFault>()
  return {
    isSending,
    fault,
    async send(work) {
      if (isSending.value) return false
      isSending.value = true
      fault.value = undefined
      try {
        await work()
        return true
      } catch (error) {
        if (!(error instanceof ApiFault)) throw error
        fault.value = error
        return false
      } finally {
        isSending.value = false
      }
    },
  }
}
