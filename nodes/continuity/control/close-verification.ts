import type { Queries } from '../../../platform/storage/queries.ts'
import { closeLines, type MonthClose } from './close-repository.ts'
import { ChainCheck, type BrokenRow, type KeptLine } from './hash-chain.ts'

const pageRows = 5_000

/** Every line of a closed month, in order, a page at a time. */
export async function* linesOfClose(
  queries: Queries,
  close: Pick<MonthClose, 'month' | 'version'>,
): AsyncGenerator<KeptLine> {
  for (let last = 0; ;) {
    const lines = await closeLines(queries, close, last, pageRows)
    yield* lines
    if (lines.length < pageRows) return
    last = lines.at(-1)!.row
  }
}

/** Computes all hashes of a closed month again. @returns the first row that is broken; undefined: none is */
export async function verifyClose(queries: Queries, close: MonthClose): Promise<BrokenRow | undefined> {
  const check = new ChainCheck()
  for await (const line of linesOfClose(queries, close)) {
    const broken = check.check(line)
    if (broken) return broken
  }
  return check.end(close)
}
