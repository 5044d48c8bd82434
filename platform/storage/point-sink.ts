import type { Written } from './influxdb-connection.ts'

/** Where points go: the InfluxDB of the configuration node. */
export interface PointSink {
  write(lines: string[], signal: AbortSignal): Promise<Written>
}

/** Points in one request: some hundred kilobytes, and some milliseconds of this process to put them into words. */
const mostRows = 5_000

/** A request's worth of rows at a time, put into lines; a row without a point has none. */
export function* requestsOf<Row>(
  rows: readonly Row[],
  linesOf: (row: Row) => string | readonly string[] | undefined,
): Generator<string[]> {
  for (let from = 0; from < rows.length; from += mostRows)
    yield rows.slice(from, from + mostRows).flatMap((row) => linesOf(row) ?? [])
}

/** Writes one request after the other. @throws InfluxUnavailable with the first that nobody confirmed */
export async function writeInTurn(
  sink: PointSink,
  requests: AsyncIterable<string[]>,
  signal: AbortSignal,
): Promise<Written> {
  const total: Written = { written: 0, refused: 0 }
  for await (const lines of requests) {
    const { written, refused, reason } = await sink.write(lines, signal)
    total.written += written
    total.refused += refused
    if (reason !== undefined) total.reason ??= reason
  }
  return total
}
