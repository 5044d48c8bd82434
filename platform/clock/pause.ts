import { setTimeout as delay } from 'node:timers/promises'

/** Waits; ends early, and without an error, when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    if (!isAbort(error)) throw error
  }
}

export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'
