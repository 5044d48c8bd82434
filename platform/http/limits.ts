import { createHmac, randomBytes } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { networkOf } from '../access/network-of.ts'
import { Problem, titleOf } from './problem.ts'
import { clientAddress, type IsTrusted } from './trusted-proxies.ts'

const windowSeconds = 60

/** So many callers are told apart; more share what they have. It bounds the memory, whoever comes from wherever. */
const places = 16_384

/** A limit of requests a minute for each of those who come by a name, kept in memory that does not grow with them. */
export class RequestLimit {
  readonly name: string
  readonly perMinute: number
  #limiter: RateLimiterMemory
  /** Nobody outside can choose whom to share a place with. */
  #salt = randomBytes(16)

  /** @param name  as callers read it in the `RateLimit` headers */
  constructor(name: string, perMinute: number) {
    this.name = name
    this.perMinute = perMinute
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: windowSeconds })
  }

  /** Counts a request. @returns headers for its answer. @throws Problem 429 with `Retry-After` beyond the limit */
  async take(caller: string): Promise<OutgoingHttpHeaders> {
    try {
      return this.#headers(await this.#limiter.consume(this.#place(caller)))
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw new Problem(429, titleOf(429), {
        detail: `more than ${this.perMinute} requests a minute`,
        headers: { ...this.#headers(refused), 'Retry-After': String(secondsUntil(refused)) },
      })
    }
  }

  #place(caller: string): string {
    const hash = createHmac('sha256', this.#salt).update(caller).digest()
    return String(hash.readUInt32BE() % places)
  }

  #headers(state: RateLimiterRes): OutgoingHttpHeaders {
    return {
      'RateLimit-Policy': `"${this.name}";q=${this.perMinute};w=${windowSeconds}`,
      RateLimit: `"${this.name}";r=${state.remainingPoints};t=${secondsUntil(state)}`,
    }
  }
}

const secondsUntil = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1_000))

/** Middleware for what is not of the API, such as the editor: so many requests a minute from one address. */
export function limitAddresses(limit: RequestLimit, isTrusted: IsTrusted) {
  return (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void => {
    limit.take(networkOf(clientAddress(request, isTrusted))).then(
      () => next(),
      (error: unknown) => {
        if (!(error instanceof Problem)) return next(error)
        response.writeHead(error.status, { 'Content-Type': 'text/plain; charset=utf-8', ...error.headers })
        response.end(`${error.message}\n`)
      },
    )
  }
}
