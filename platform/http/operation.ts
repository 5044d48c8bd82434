import type { Request, Response } from 'express'
import { CallerGone } from './answer.ts'
import type { ApiAnswer, ApiRequest, ApiRoute } from './route.ts'
import type { WrittenParameters } from './parameters.ts'
import { Problem, titleOf } from './problem.ts'
import { bodyReader } from './request-body.ts'
import { answerCheck, requestCheck } from './request-check.ts'

const patienceMs = 30_000

type Caller = Pick<ApiRequest, 'identity' | 'address' | 'secure'>

/** A route, with what its requests are read and checked by. */
export class Operation {
  readonly route: ApiRoute
  #readBody: ReturnType<typeof bodyReader>
  #check: ReturnType<typeof requestCheck>
  #checkAnswer: ((answer: ApiAnswer, format: 'json' | 'csv') => void) | undefined
  #patienceMs: number

  constructor(route: ApiRoute, options: { checkAnswers?: boolean } = {}) {
    this.route = route
    this.#readBody = bodyReader(route)
    this.#check = requestCheck(route)
    this.#checkAnswer = options.checkAnswers ? answersCheck(route) : undefined
    this.#patienceMs = route.patienceMs ?? patienceMs
  }

  /** Reads, checks and handles a request of somebody who may ask. @throws Problem, CallerGone, or what the handler threw */
  async perform(
    request: Request,
    response: Response,
    path: WrittenParameters,
    caller: Caller,
  ): Promise<{ answer: ApiAnswer; format: 'json' | 'csv' }> {
    const format = this.#formatFor(request)
    const query = queryOf(request.originalUrl)
    return within(this.#patienceMs, response, async (signal, stage) => {
      const { body, bytes } = await this.#readBody(request, response)
      stage('handling')
      const parts = this.#check({ path, query, body, bodyBytes: bytes })
      const answer = await this.route.handle({ ...parts, ...caller, headers: request.headers, format, signal })
      this.#checkAnswer?.(answer, format)
      return { answer, format }
    })
  }

  #formatFor(request: Request): 'json' | 'csv' {
    const { csv, answers } = this.route
    const types = [answers[200]?.type?.split(';')[0] ?? 'application/json', ...(csv ? ['text/csv'] : [])]
    const best = request.accepts(types)
    if (best === false) throw new Problem(406, titleOf(406), { detail: `it answers ${types.join(' or ')}` })
    return best === 'text/csv' && csv ? 'csv' : 'json'
  }
}

/** The query of an address, each parameter as often as it stands there. @throws Problem 400 where it is not UTF-8 */
export function queryOf(address: string): WrittenParameters {
  const parameters = new Map<string, string[]>()
  const start = address.indexOf('?')
  if (start < 0) return parameters
  try {
    for (const pair of address.slice(start + 1).split('&')) {
      if (pair === '') continue
      const [name, ...value] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent)
      parameters.set(name!, [...(parameters.get(name!) ?? []), value.join('=')])
    }
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    throw new Problem(400, titleOf(400), { detail: 'the query is not percent-encoded UTF-8' })
  }
  return parameters
}

/** Gives work its time; it is told when nobody waits for it any more. */
async function within<T>(
  ms: number,
  response: Response,
  work: (signal: AbortSignal, stage: (name: 'handling') => void) => Promise<T>,
): Promise<T> {
  const ends = new AbortController()
  let handling = false
  const late = (): Problem =>
    handling
      ? new Problem(503, titleOf(503), {
          detail: `it took longer than ${ms / 1_000} s`,
          headers: { 'Retry-After': '10' },
        })
      : new Problem(408, titleOf(408), {
          detail: `the body did not arrive within ${ms / 1_000} s`,
          headers: { Connection: 'close' },
        })
  const timer = setTimeout(() => ends.abort(late()), ms)
  // Also while an answer is streamed.
  response.once('close', () => ends.abort(new CallerGone()))
  const ended = new Promise<never>((_resolve, reject) => {
    ends.signal.addEventListener('abort', () => reject(ends.signal.reason as Error), { once: true })
  })
  try {
    return await Promise.race([work(ends.signal, () => (handling = true)), ended])
  } finally {
    clearTimeout(timer)
  }
}

/** @throws Error for an answer that its route does not describe: a fault of ours */
function answersCheck(route: ApiRoute): (answer: ApiAnswer, format: 'json' | 'csv') => void {
  const checks = new Map(
    Object.entries(route.answers).map(([status, { schema }]) => [Number(status), schema && answerCheck(schema)]),
  )
  return (answer, format) => {
    const status = answer.status ?? (answer.body === undefined && !answer.rows ? 204 : 200)
    if (!checks.has(status)) throw new Error(`${route.operationId} answers ${status}, which it does not describe`)
    const check = checks.get(status)
    if (!check || (format === 'csv' && answer.rows)) return
    const fault = check(JSON.parse(JSON.stringify(answer.body ?? null)))
    if (fault !== undefined) throw new Error(`${route.operationId} answers ${status} other than it says: ${fault}`)
  }
}
