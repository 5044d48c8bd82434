import { hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import type { Clock } from '../../clock/clock.ts'

/** A login that was begun at the provider and is not over. It waits in the browser, sealed, not in the memory of a server. */
export interface PendingLogin {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Where to go afterwards, as `safeNext` has it. */
  readonly next?: string
}

const issuer = 'linha-viva'
const audience = 'linha-viva-oidc'

/** How long somebody may take to log in at the provider. */
export const pendingMs = 10 * 60_000

/** Seals pending logins, so that a browser can keep them and neither read nor change them. */
export class PendingLogins {
  #key: Uint8Array
  #clock: Clock

  /** @param secret  the one that signs tokens; what is sealed here is no token, and a token is nothing here */
  constructor(secret: string, clock: Clock) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'linha-viva pending oidc login', 32))
    this.#clock = clock
  }

  async seal({ state, nonce, codeVerifier, next }: PendingLogin): Promise<string> {
    return new EncryptJWT({ state, nonce, codeVerifier, ...(next !== undefined && { next }) })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(Math.floor((this.#clock.now() + pendingMs) / 1_000))
      .encrypt(this.#key)
  }

  /** @returns undefined for what was not sealed here, was changed, or is too old */
  async open(sealed: string | undefined): Promise<PendingLogin | undefined> {
    if (sealed === undefined) return undefined
    const opened = await jwtDecrypt<PendingLogin>(sealed, this.#key, {
      issuer,
      audience,
      requiredClaims: ['exp', 'state', 'nonce', 'codeVerifier'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      currentDate: new Date(this.#clock.now()),
    }).catch(() => undefined)
    if (!opened) return undefined
    const { state, nonce, codeVerifier, next } = opened.payload
    return { state, nonce, codeVerifier, ...(next !== undefined && { next }) }
  }
}
