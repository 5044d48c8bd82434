/** A text that a database cannot keep: where it stands, and what is wrong with it. */
export interface Unstorable {
  readonly path: readonly string[]
  readonly problem: string
}

/** The first text in a value, be it a name or a value, that PostgreSQL would refuse: NUL, or half a character. */
export function unstorable(value: unknown): Unstorable | undefined {
  if (typeof value === 'string') {
    const problem = faultOfText(value)
    return problem === undefined ? undefined : { path: [], problem }
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const problem = faultOfText(key)
    if (problem !== undefined) return { path: [], problem: `has a name that ${problem}` }
    const inner = unstorable(part)
    if (inner) return { path: [key, ...inner.path], problem: inner.problem }
  }
  return undefined
}

function faultOfText(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character'
  return text.isWellFormed() ? undefined : 'contains half a character (a lone surrogate)'
}
