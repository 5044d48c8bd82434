import { parseArgs } from 'node:util'

/** A command line that cannot be understood; the message is one line and names the flag and its value. */
export class BadFlag extends Error {
  override readonly name = 'BadFlag'
}

/** The flags of a command: what each is called, and whether it has a value. */
export type KnownFlags = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string | undefined }>
>

/**
 * Reads a command line.
 * @returns the flags that were given, those without a value with an empty one; and the words that are no flags
 * @throws BadFlag on an unknown flag, one without its value or with one that it does not take, or one that is given twice
 */
export function readCommandLine<Known extends KnownFlags>(
  args: readonly string[],
  known: Known,
): { flags: ReadonlyMap<keyof Known & string, string>; words: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: known as never,
    ...{ strict: false, allowPositionals: true, tokens: true },
  })
  const flags = new Map<string, string>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(known, token.name) ? known[token.name] : undefined
    if (!flag) throw new BadFlag(`unknown flag ${token.rawName} (see --help)`)
    if (flag.type === 'boolean' && token.value !== undefined)
      throw new BadFlag(`${token.rawName} takes no value, got "${token.value}"`)
    if (flag.type === 'string' && (!token.value || (!token.inlineValue && isFlag(token.value))))
      throw new BadFlag(`${token.rawName} needs a value`)
    if (flags.has(token.name)) throw new BadFlag(`${token.rawName} is given twice`)
    flags.set(token.name, token.value ?? '')
  }
  return { flags, words }
}

/** Whoever forgets a value has the next flag taken for it. A value that does begin so is written `--flag=-value`. */
const isFlag = (text: string): boolean => /^-[^\d]/.test(text)

/** @throws BadFlag where there are words, for a command that takes flags only */
export function refuseWords(words: readonly string[]): void {
  if (words.length > 0) throw new BadFlag(`unexpected argument "${words[0]}" (see --help)`)
}
