import { createHmac } from 'node:crypto'
import type { Clock } from '../../../platform/clock/clock.ts'
import { postOutside, type OutsideLimits } from '../../../platform/http/outside-request.ts'
import type { Carrier } from './delivery.ts'

/**
 * What a receiver verifies: HMAC-SHA256 by the shared secret over the time of sending, a point, and the body as it came.
 * @param seconds  since 1970, UTC
 * @returns the header `Linhaviva-Signature`
 */
export function webhookSignature(secret: string, seconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${digest}`
}

/** Carries notifications to an address outside. Any 2xx confirms one; all else, a redirect too, is a failure. */
export function webhookCarrier(url: URL, secret: string, limits: OutsideLimits, clock: Clock): Carrier {
  return {
    // Those of one alarm go one after the other.
    leaseMs: 4 * limits.timeoutMs,
    async carry(document, attempt, signal) {
      const body = JSON.stringify(document)
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'linha-viva',
        'linhaviva-notification': document.id,
        'linhaviva-attempt': String(attempt),
        'linhaviva-signature': webhookSignature(secret, Math.floor(clock.now() / 1_000), body),
      }
      const answer = await postOutside(url, headers, body, limits, signal)
      if (answer.status >= 200 && answer.status < 300) return true
      const redirect = answer.status >= 300 && answer.status < 400 ? ', a redirect, which is not followed' : ''
      throw new Error(`${url.host} answered ${answer.status}${redirect}${saying(answer.body)}`)
    },
  }
}

const saying = (body: string): string => {
  const line = body
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
    .toWellFormed()
  return line === '' ? '' : `: ${line}`
}
