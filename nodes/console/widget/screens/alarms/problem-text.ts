import type { ActionOutcome } from './answers.ts'

/** Why an attempt was refused, in the words of the page; where it has none, in the server's. */
export function problemText(
  words: Readonly<Record<string, string>>,
  { code, problem }: Pick<ActionOutcome, 'code' | 'problem'>,
): string {
  return words[`refused_${code}`] ?? problem ?? ''
}
