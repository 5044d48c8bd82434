import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again and again until the answer is there (neither undefined nor false).
 * @returns the answer
 * @throws Error that names what was waited for, with what `explain` says of the state it was left in
 */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { withinMs = 60_000, everyMs = 100, explain = async (): Promise<string> => '' } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs
  let fault = ''
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      fault = ''
    } catch (error) {
      // What is asked may be down at the moment: killed by the test itself.
      fault = `: ${error instanceof Error ? error.message : String(error)}`
    }
    if (performance.now() > deadline) {
      const state = await explain().catch((error: unknown) => String(error))
      throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}${fault} ${state}`)
    }
    await sleep(everyMs)
  }
}

/** Prints a result below the test that measured it. */
export const say = (line: string): void => void process.stdout.write(`      ${line}\n`)
