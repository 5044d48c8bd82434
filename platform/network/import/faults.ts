/** One thing that is wrong with a file. */
export interface Fault {
  readonly file: string
  /** First line of the file is 1; unset where the file as a whole is meant. */
  readonly line?: number
  readonly column?: string
  /** The cell as it stands in the file. */
  readonly value?: string
  /** What is wrong, to be read after column and value: `not a number`. */
  readonly problem: string
}

/** So many faults are shown; the others are counted. */
const mostShown = 100

/** Beyond this, faults are counted but no longer kept: a wrong file may hold millions. */
const mostKept = 10_000

/** Nothing was imported. The message is complete: a line for each fault, at most 100, and how many more there are. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  /** In the order of files and lines; at most 100. */
  readonly faults: readonly Fault[]
  /** How many there are in all. */
  readonly count: number

  constructor(faults: readonly Fault[], count = faults.length) {
    const shown = faults.slice(0, mostShown)
    const rest = count - shown.length
    super([...shown.map(describeFault), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n'))
    this.faults = shown
    this.count = count
  }
}

/** Collects everything that is wrong, so that it can be put right in one go. */
export class Faults {
  #kept: Fault[] = []
  #count = 0
  #files: readonly string[]

  /** @param files  in the order in which they are told; others follow as they come */
  constructor(files: readonly string[] = []) {
    this.#files = files
  }

  add(fault: Fault): void {
    this.#count += 1
    if (this.#kept.length < mostKept) this.#kept.push(fault)
  }

  get count(): number {
    return this.#count
  }

  /** @throws ImportError if anything was wrong */
  check(): void {
    if (this.#count === 0) return
    const rank = new Map<string, number>()
    for (const file of [...this.#files, ...this.#kept.map((fault) => fault.file)])
      if (!rank.has(file)) rank.set(file, rank.size)
    const inOrder = this.#kept.toSorted(
      (one, other) => rank.get(one.file)! - rank.get(other.file)! || (one.line ?? 0) - (other.line ?? 0),
    )
    throw new ImportError(inOrder, this.#count)
  }
}

/** `devices.csv line 7: rated_kw is "abc", not a number` */
export function describeFault({ file, line, column, value, problem }: Fault): string {
  const where = line === undefined ? file : `${file} line ${line}`
  const what = column === undefined ? '' : value === undefined ? `${column} ` : `${column} is ${quote(value)}, `
  return `${where}: ${what}${problem}`
}

/** As it stands in the file, on one line and not without end. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
