import type { LoggedBatch } from './batch-log.ts'

/** What a set of commits covers: their ids, and their first and last instants in UTC milliseconds. */
export interface Span {
  batchIds: number[]
  firstAt: number
  lastAt: number
}

/** What commits with readings cover; undefined where they have none. */
export function spanOf(batches: LoggedBatch[]): Span | undefined {
  const span: Span = { batchIds: [], firstAt: Infinity, lastAt: -Infinity }
  for (const { batchId, readings, firstAt, lastAt } of batches) {
    if (readings === 0 || firstAt === null || lastAt === null) continue
    span.batchIds.push(batchId)
    span.firstAt = Math.min(span.firstAt, Math.floor(firstAt))
    span.lastAt = Math.max(span.lastAt, Math.ceil(lastAt))
  }
  return span.batchIds.length > 0 ? span : undefined
}
