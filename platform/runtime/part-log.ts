import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { oneLine } from './lines.ts'

export type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

const order: readonly Level[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace']

export interface PartLog {
  write(part: string, level: Level, line: string): void
}

/** Readable lines for a terminal. */
export function terminalLog(least: Level, out: (text: string) => void): PartLog {
  return {
    write(part, level, line) {
      if (order.indexOf(level) > order.indexOf(least)) return
      const time = new Date().toTimeString().slice(0, 8)
      const mark = level === 'info' || level === 'debug' || level === 'trace' ? '' : `${level}: `
      out(`${time} ${part.padEnd(9)} ${mark}${oneLine(line)}\n`)
    },
  }
}

/** JSON lines in a file that is put aside when it reaches `maxBytes`; the last `keep` of those are kept. */
export function jsonLog(folder: string, least: Level, maxBytes = 20 * 1024 * 1024, keep = 5): PartLog {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'linha-viva.log')
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  let failing = false

  function rotate(): void {
    rmSync(`${path}.${keep}`, { force: true })
    for (let number = keep - 1; number >= 0; number--) {
      const from = number === 0 ? path : `${path}.${number}`
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${number + 1}`)
    }
    size = 0
  }

  return {
    write(part, level, line) {
      if (order.indexOf(level) > order.indexOf(least)) return
      const text = JSON.stringify({ time: new Date().toISOString(), level, part, message: oneLine(line) }) + '\n'
      try {
        if (size > 0 && size + Buffer.byteLength(text) > maxBytes) rotate()
        appendFileSync(path, text)
        size += Buffer.byteLength(text)
        failing = false
      } catch (error) {
        // A full disk must not stop the system; it is said once, where it can still be said.
        if (!failing) process.stderr.write(`the log cannot be written: ${(error as Error).message}\n`)
        failing = true
      }
    },
  }
}

/** The level that a part gave its own line, if it did, and the line without it. */
export function levelOf(line: string, otherwise: Level): { level: Level; line: string } {
  const own = /^\[(fatal|error|warn|info|debug|trace)\] /.exec(line)
  if (own) return { level: own[1] as Level, line: line.slice(own[0].length) }
  const postgres = /^(LOG|DETAIL|HINT|CONTEXT|STATEMENT|WARNING|ERROR|FATAL|PANIC): +/.exec(line)
  if (!postgres) return { level: otherwise, line }
  const word = postgres[1]!
  // What concerns a statement or a connection its client is told and reports; what ends the server is ours.
  const level = word === 'PANIC' ? 'error' : 'debug'
  return { level, line }
}
