import { inspect } from 'node:util'
import { oneLine } from './lines.ts'

interface LogMessage {
  readonly level: number
  readonly msg?: unknown
  readonly type?: string
  readonly name?: string
  readonly id?: string
}

const levels = new Map([
  [10, 'fatal'],
  [20, 'error'],
  [30, 'warn'],
  [40, 'info'],
  [50, 'debug'],
  [60, 'trace'],
])

/** One line of Node-RED's log, `[level] [type:name] message`; time and part are added by who collects it. */
export function nodeRedLogLine({ level, msg, type, name, id }: LogMessage): string {
  const from = type ? `[${type}:${name || id}] ` : ''
  const text =
    msg instanceof Error
      ? (msg.stack ?? msg.message)
      : typeof msg === 'string'
        ? msg
        : inspect(msg, { breakLength: Infinity })
  return `[${levels.get(level) ?? 'info'}] ${from}${oneLine(text)}`
}
