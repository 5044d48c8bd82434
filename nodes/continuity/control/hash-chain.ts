import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'

/** A row of a snapshot: what it is of, and whatever stands of it. */
export interface SnapshotRow {
  readonly kind: string
  /** Unique among rows of its kind. */
  readonly subject: string
  readonly [field: string]: unknown
}

/** What a row is found by. */
export interface RowKey {
  readonly kind: string
  readonly subject: string
  /** What is due to a unit, R$; null: it cannot be said, or it is no unit. */
  readonly amountBrl: number | null
}

export interface ChainedLine extends RowKey {
  /** Canonical JSON of the row. */
  readonly line: string
  readonly hash: string
}

const keyOf = ({ kind, subject, amountBrl = null }: SnapshotRow): RowKey => ({
  ...{ kind, subject, amountBrl: amountBrl as number | null },
})

/** The hash of a line: over that of the line before, so that a line cannot be changed, left out or moved unseen. */
const linkOf = (before: string, line: string): string => sha256Of(before, '\n', line)

/** Chains rows one after the other. */
export class HashChain {
  #hash = ''
  #rows = 0

  /** Of the last row; empty before the first. */
  get hash(): string {
    return this.#hash
  }

  get rows(): number {
    return this.#rows
  }

  add(row: SnapshotRow): ChainedLine {
    const line = canonicalJson(row)
    this.#hash = linkOf(this.#hash, line)
    this.#rows++
    return { ...keyOf(row), line, hash: this.#hash }
  }
}

/** A line as it is kept. */
export interface KeptLine extends ChainedLine {
  readonly row: number
}

/** Where a snapshot is not what it was. */
export interface BrokenRow {
  readonly row: number
  readonly problem: string
}

/** Checks lines in their order, as they come: the first one that is broken is told, and what follows is not looked at. */
export class ChainCheck {
  #before = ''
  #rows = 0

  get rows(): number {
    return this.#rows
  }

  get hash(): string {
    return this.#before
  }

  check({ row, line, hash, kind, subject, amountBrl }: KeptLine): BrokenRow | undefined {
    if (row !== this.#rows + 1) return { row: this.#rows + 1, problem: 'it is missing' }
    const expected = linkOf(this.#before, line)
    if (hash !== expected) return { row, problem: `its hash is ${hash}, and its line makes ${expected}` }
    const key = keyOf(JSON.parse(line) as SnapshotRow)
    if (key.kind !== kind || key.subject !== subject || key.amountBrl !== amountBrl)
      return { row, problem: `it is found by ${kind} ${subject}, ${amountBrl}, and its line says otherwise` }
    this.#before = hash
    this.#rows = row
    return undefined
  }

  /** What is wrong at the end. @param closed  as it was closed */
  end(closed: { readonly rows: number; readonly hash: string }): BrokenRow | undefined {
    if (this.#rows !== closed.rows)
      return {
        row: Math.min(this.#rows, closed.rows) + 1,
        problem: `there are ${this.#rows} rows, and ${closed.rows} were closed`,
      }
    if (this.#before !== closed.hash)
      return {
        row: this.#rows,
        problem: `it has the hash ${this.#before}, and the month was closed with ${closed.hash}`,
      }
    return undefined
  }
}
