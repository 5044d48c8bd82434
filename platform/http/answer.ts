import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { csvLines } from './csv.ts'
import type { Problem } from './problem.ts'
import type { ApiAnswer, ApiRoute } from './route.ts'

const stalledMs = 60_000

/** Nobody waits for the answer any more. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone'
}

/** What a caller gets: what it may keep is said by the headers of the answer, and is nothing unless they say so. @throws CallerGone */
export async function send(
  request: Request,
  response: Response,
  route: ApiRoute,
  answer: ApiAnswer,
  format: 'json' | 'csv',
): Promise<void> {
  const { body, rows } = answer
  const isEmpty = body === undefined && rows === undefined
  const status = answer.status ?? (isEmpty ? 204 : 200)
  response.status(status)
  response.setHeader('Cache-Control', 'no-store')
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    if (value !== undefined) response.setHeader(name, value)
  const type = route.answers[status]?.type
  if (request.fresh) response.status(304).end()
  else if (isEmpty) response.end()
  else if (type !== undefined && rows !== undefined) await sendParts(response, type, rows as Parts)
  else if (type !== undefined) sendAs(response, type, body as string | Buffer)
  else if (format === 'csv' && status === 200) await sendCsv(request, response, route, answer)
  else sendAs(response, 'application/json; charset=utf-8', JSON.stringify(body))
}

export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status)
  response.setHeader('Cache-Control', 'no-store')
  for (const [name, value] of Object.entries(problem.headers)) if (value !== undefined) response.setHeader(name, value)
  sendAs(response, 'application/problem+json; charset=utf-8', JSON.stringify(problem))
}

function sendAs(response: Response, type: string, body: string | Buffer): void {
  response.setHeader('Content-Type', type)
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(body)
}

type Parts = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

async function sendCsv(
  request: Request,
  response: Response,
  route: ApiRoute,
  { body, rows }: ApiAnswer,
): Promise<void> {
  const { items = body, nextCursor } = (body ?? {}) as { items?: unknown; nextCursor?: string | null }
  response.setHeader('Content-Disposition', `attachment; filename="${route.operationId}.csv"`)
  if (nextCursor) response.setHeader('Link', `<${withCursor(request.originalUrl, nextCursor)}>; rel="next"`)
  const lines = csvLines(route.csv!, (rows ?? items) as AsyncIterable<unknown> | Iterable<unknown>)
  await sendParts(response, 'text/csv; charset=utf-8; header=present', lines)
}

/**
 * A caller that reads slowly slows down what makes the parts; one that reads nothing for a minute loses its connection. What
 * fails before the second part, which is the first row behind the names, fails as a whole.
 */
async function sendParts(response: Response, type: string, parts: Parts): Promise<void> {
  const source = (async function* () {
    yield* parts
  })()
  const begun = [await source.next(), await source.next()]
  response.setHeader('Content-Type', type)
  response.setTimeout(stalledMs, () => response.destroy())
  async function* all(): AsyncGenerator<string | Uint8Array> {
    for (const { done, value } of begun) if (!done) yield value
    yield* source
  }
  await pipeline(Readable.from(all(), { objectMode: true, highWaterMark: 64 }), response).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' ? new CallerGone() : error
  })
}

function withCursor(address: string, cursor: string): string {
  const url = new URL(address, 'http://any')
  url.searchParams.set('cursor', cursor)
  return url.pathname + url.search
}
