import { isUtf8 } from 'node:buffer'
import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseInstant } from '../../platform/wire/instant.ts'

/** An MQTT message as it came from the broker at `at`, UTC milliseconds. */
export interface RecordedMessage {
  readonly at: number
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

/** A message for one node, by its id or name: for inputs that no broker feeds (inject, http in, link in). */
export interface HandedMessage {
  readonly at: number
  readonly to: string
  readonly msg: Readonly<Record<string, unknown>>
}

export type TrafficLine = RecordedMessage | HandedMessage

/** A file of traffic that cannot be used; the message names file, line and value. */
export class TrafficError extends Error {
  override readonly name = 'TrafficError'
}

export const mostMessages = 100_000
export const mostBytes = 64 * 1024 * 1024

/**
 * Reads recorded traffic: a JSON object a line, `{at, topic, payload, qos, retain}`. `payload` is text, or an object or
 * array that stands for its JSON; `base64` in its place is bytes. `{at, to, msg}` hands a message to one node. Empty
 * lines and lines that begin with `#` or `//` are for people.
 * @throws TrafficError
 */
export async function readTraffic(file: string): Promise<TrafficLine[]> {
  const size = sizeOf(file)
  if (size > mostBytes) throw new TrafficError(`${file}: ${size} bytes are too many, at most ${mostBytes}`)
  const lines: TrafficLine[] = []
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number++
    if (/^\s*(#|\/\/|$)/.test(text)) continue
    if (lines.length === mostMessages) throw new TrafficError(`${file}: more than ${mostMessages} messages`)
    try {
      lines.push(readLine(text.replace(/^\uFEFF/, '')))
    } catch (error) {
      if (error instanceof BadLine) throw new TrafficError(`${file} line ${number}: ${error.message}`)
      throw error
    }
  }
  if (lines.length === 0) throw new TrafficError(`${file}: holds no messages`)
  return lines
}

/** Writes a message as a line of the file, readable where the payload allows it, and always exact. */
export function writeLine({ at, topic, payload, qos, retain }: RecordedMessage): string {
  return `${JSON.stringify({ at: new Date(at).toISOString(), topic, ...written(payload), qos, retain })}\n`
}

export const isHanded = (line: TrafficLine): line is HandedMessage => 'to' in line

function written(payload: Buffer): { payload: unknown } | { base64: string } {
  if (!isUtf8(payload)) return { base64: payload.toString('base64') }
  const text = payload.toString()
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null && JSON.stringify(json) === text) return { payload: json }
  } catch {
    // No JSON: it stands as text.
  }
  return { payload: text }
}

class BadLine extends Error {}

function readLine(text: string): TrafficLine {
  const line = asObject(text)
  const at = typeof line['at'] === 'string' || typeof line['at'] === 'number' ? parseInstant(line['at']) : undefined
  if (at === undefined)
    throw new BadLine(`at is ${shown(line['at'])}: it takes ISO 8601 with offset, or UTC milliseconds`)
  if ('to' in line) return handed(at, line)
  const { topic, qos = 1, retain = false } = line
  if (typeof topic !== 'string' || topic === '' || /[+#\0]/.test(topic))
    throw new BadLine(`topic is ${shown(topic)}: it takes the topic of a message`)
  if (qos !== 0 && qos !== 1 && qos !== 2) throw new BadLine(`qos is ${shown(qos)}: it takes 0, 1 or 2`)
  if (typeof retain !== 'boolean') throw new BadLine(`retain is ${shown(retain)}: it takes true or false`)
  return { at, topic, payload: payloadOf(line), qos, retain }
}

function handed(at: number, { to, msg = {} }: Record<string, unknown>): HandedMessage {
  if (typeof to !== 'string' || to === '') throw new BadLine(`to is ${shown(to)}: it takes a node's id or name`)
  if (typeof msg !== 'object' || msg === null || Array.isArray(msg))
    throw new BadLine(`msg is ${shown(msg)}: it takes an object`)
  return { at, to, msg: msg as Record<string, unknown> }
}

function payloadOf({ payload, base64 }: Record<string, unknown>): Buffer {
  if (base64 === undefined) {
    if (typeof payload === 'string') return Buffer.from(payload)
    if (typeof payload === 'object' && payload !== null) return Buffer.from(JSON.stringify(payload))
    throw new BadLine(`payload is ${shown(payload)}: it takes text, an object or an array; base64 takes bytes`)
  }
  if (payload !== undefined) throw new BadLine('payload and base64 are both given: give one')
  const bytes = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined
  if (bytes?.toString('base64').replace(/=+$/, '') !== String(base64).replace(/=+$/, ''))
    throw new BadLine(`base64 is ${shown(base64)}, not Base64`)
  return bytes
}

function asObject(text: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new BadLine(`not JSON: ${shown(text)}`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new BadLine(`is ${shown(parsed)}, not an object`)
  return parsed as Record<string, unknown>
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not there'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function sizeOf(file: string): number {
  try {
    const entry = statSync(file)
    if (entry.isFile()) return entry.size
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new TrafficError(`${file}: ${code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`}`)
  }
  throw new TrafficError(`${file}: is no file`)
}
