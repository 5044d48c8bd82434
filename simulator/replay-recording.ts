import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse'
import { UsageError } from './usage-error.ts'

export interface RecordedRow {
  /** Line of the file where it ends, from 1. */
  readonly line: number
  /** As many as the header has, trimmed. */
  readonly cells: readonly string[]
}

/** A row that is none: what is wrong with it, and where. */
export interface UnreadableRow {
  readonly line: number
  readonly problem: string
}

/** A recording as it is read, row by row, however long it is. */
export interface Recording {
  readonly header: readonly string[]
  /** Of its numbers: files separated by semicolons are written where the comma is the decimal mark. */
  readonly decimalMark: '.' | ','
  readonly rows: AsyncIterable<RecordedRow | UnreadableRow>
}

const mostBytesInRow = 65_536

/**
 * Opens a CSV file: UTF-8 with or without a byte order mark, a header, comma or semicolon, whichever the header has more.
 * @throws UsageError where it cannot be read or has no header
 */
export async function openRecording(path: string): Promise<Recording> {
  const separator = await separatorOf(path)
  const source = createReadStream(path)
  const parser = parse({
    delimiter: separator,
    bom: true,
    trim: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: mostBytesInRow,
  })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  const records = (parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)[Symbol.asyncIterator]()
  const first = await records.next().catch((error: unknown) => {
    throw new UsageError(`--file ${path} cannot be read: ${problemOf(error)}`)
  })
  if (first.done) throw new UsageError(`--file ${path} is empty: its first line names the columns`)
  const header = first.value.record

  async function* rows(): AsyncGenerator<RecordedRow | UnreadableRow> {
    let line = first.value?.info.lines ?? 1
    try {
      for (;;) {
        const next = await records.next()
        if (next.done) return
        const { record, info } = next.value
        line = info.lines
        if (record.length === header.length) yield { line, cells: record }
        else yield { line, problem: `has ${record.length} cells where the header has ${header.length}` }
      }
    } catch (error) {
      yield { line: line + 1, problem: `${problemOf(error)}; what follows it is not read` }
    } finally {
      source.destroy()
      parser.destroy()
    }
  }
  return { header, decimalMark: separator === ';' ? ',' : '.', rows: rows() }
}

async function separatorOf(path: string): Promise<',' | ';'> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytesInRow), 0, mostBytesInRow, 0)
      const [line = ''] = buffer
        .toString('utf8', 0, bytesRead)
        .trimStart()
        .split(/[\r\n]/, 1)
      const count = (mark: string): number => line.replaceAll(/"[^"]*"/g, '').split(mark).length
      return count(';') > count(',') ? ';' : ','
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new UsageError(`--file ${path} cannot be read: ${problemOf(error)}`)
  }
}

function problemOf(error: unknown): string {
  if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE') return `is longer than ${mostBytesInRow} bytes`
  if (error instanceof CsvError) return `is not CSV (${error.message.split('\n', 1)[0]})`
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
