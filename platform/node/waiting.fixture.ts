import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again and again until the answer is there (neither undefined nor false).
 * @returns the answer
 * @throws Error that names what was waited for
 */
export async function waitUntil<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`)
    await sleep(10)
  }
}
