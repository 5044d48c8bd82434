import { raw, type Request, type Response } from 'express'
import { placeOfJsonFault } from '../runtime/json-fault.ts'
import { Problem, titleOf } from './problem.ts'
import type { ApiRoute } from './route.ts'

const defaultMaxBytes = 1024 * 1024
const deepest = 64

/** A request's body as its route takes it: parsed JSON, or the text of a CSV; undefined where there is none. */
export interface RequestBody {
  readonly body: unknown
  readonly bytes: number
}

/** Compiles what reads the bodies of a route. @throws Problem 400, 413, 415 */
export function bodyReader(route: ApiRoute): (request: Request, response: Response) => Promise<RequestBody> {
  if (!route.body) return async () => ({ body: undefined, bytes: 0 })
  const { bodyType = 'application/json', maxBodyBytes = defaultMaxBytes } = route
  const read = raw({ type: () => true, limit: maxBodyBytes })
  return async (request, response) => {
    const isSent = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0
    if (!isSent) return { body: undefined, bytes: 0 }
    const charset = charsetOf(request, bodyType)
    if (!charset) throw wrongType(request, bodyType)
    await new Promise<void>((resolve, reject) => {
      read(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(problemOf(error, maxBodyBytes)),
      )
    })
    const bytes = request.body as Buffer
    const text = textOf(bytes, charset, bodyType)
    return { body: bodyType === 'text/csv' ? text : jsonOf(text), bytes: bytes.length }
  }
}

/** Spreadsheets write CSV as they always did; all else is UTF-8. @returns undefined for another type, or another charset */
function charsetOf(request: Request, type: string): 'utf-8' | 'windows-1252' | undefined {
  const [given = '', ...parameters] = (request.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase())
  if (given !== type) return undefined
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (charset === undefined || /^charset="?utf-?8"?$/.test(charset)) return 'utf-8'
  return type === 'text/csv' && /^charset="?(iso-8859-1|windows-1252)"?$/.test(charset) ? 'windows-1252' : undefined
}

const wrongType = (request: Request, type: string): Problem =>
  new Problem(415, titleOf(415), {
    detail: `the Content-Type is ${JSON.stringify((request.headers['content-type'] ?? '').slice(0, 80))}: it must be ${type}, in UTF-8${type === 'text/csv' ? ', ISO-8859-1 or Windows-1252' : ''}`,
    headers: { Accept: type },
  })

/** What the reader of bodies objects to; a fault of ours stays what it is. */
function problemOf(error: unknown, maxBytes: number): Error {
  const { status, message } = error as { status?: number; message: string }
  if (status === 413) return new Problem(413, titleOf(413), { detail: `the body is larger than ${maxBytes} bytes` })
  if (status === 415) return new Problem(415, titleOf(415), { detail: message })
  if (status === 400) return new Problem(400, titleOf(400), { detail: `the body cannot be read: ${message}` })
  return error as Error
}

function textOf(bytes: Buffer, charset: 'utf-8' | 'windows-1252', type: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const otherwise = type === 'text/csv' ? ': send it as text/csv; charset=iso-8859-1' : ''
    throw new Problem(400, titleOf(400), { detail: `the body is not UTF-8${otherwise}` })
  }
}

function jsonOf(text: string): unknown {
  if (isDeeperThan(deepest, text))
    throw new Problem(400, titleOf(400), { detail: `the body is nested deeper than ${deepest} levels` })
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { line, column } = placeOfJsonFault(text)
    throw new Problem(400, titleOf(400), { detail: `the body is not JSON: line ${line}, column ${column}` })
  }
}

/** Told from the text: whoever follows the levels of a value can then do so by recursion. */
export function isDeeperThan(levels: number, text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth--
    if (depth > levels) return true
  }
  return false
}
