import * as oidc from 'openid-client'
import { messageOf } from '../../node/message-of.ts'
import { type ProvidedUser, userOf } from './claims.ts'
import type { PendingLogins } from './pending-login.ts'
import { Turns } from '../turns.ts'
import { type OidcReason, OidcRefusal } from './refusal.ts'
import { afterLogoutPath, callbackPath, type OidcSettings } from './settings.ts'

/** The provider is asked, and given up on, within this time. */
const timeoutSeconds = 10

/** So many answers are checked with it at a time, and so many wait. */
const mostAtOnce = 8
const mostWaiting = 64

/**
 * Logging in by an OpenID Connect provider: authorization code with PKCE, state and nonce. What the provider answers
 * is checked by openid-client: issuer, audience, nonce, times and signature of the ID token. The provider is looked for
 * when somebody wants to log in by it, each time until it was found: one that is away holds up nothing else.
 */
export class OidcProvider {
  readonly #settings: OidcSettings
  readonly #pending: PendingLogins
  readonly #turns = new Turns(mostAtOnce, mostWaiting)
  #found: oidc.Configuration | undefined

  constructor(settings: OidcSettings, pending: PendingLogins) {
    this.#settings = settings
    this.#pending = pending
  }

  /** Its host, to tell it from others. */
  get host(): string {
    return this.#settings.issuer.host
  }

  /** @returns where to send the browser, and what it must bring back
   *  @throws OidcRefusal `provider_away` */
  async begin(next: string | undefined): Promise<{ url: URL; sealed: string }> {
    const found = await this.#find()
    const login = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
      ...(next !== undefined && { next }),
    }
    const url = oidc.buildAuthorizationUrl(found, {
      redirect_uri: this.#own(callbackPath).href,
      scope: this.#settings.scope,
      state: login.state,
      nonce: login.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(login.codeVerifier),
      code_challenge_method: 'S256',
    })
    return { url, sealed: await this.#pending.seal(login) }
  }

  /**
   * @param query   what the provider sent the browser back with, from `?` on
   * @param sealed  what the browser brought back
   * @throws OidcRefusal
   */
  async finish(query: string, sealed: string | undefined): Promise<{ user: ProvidedUser; next: string | undefined }> {
    const login = await this.#pending.open(sealed)
    if (!login) throw new OidcRefusal('not_begun', 'no login by the provider is under way in this browser')
    const found = await this.#find()
    const answered = this.#own(callbackPath)
    answered.search = query
    const checks = {
      expectedState: login.state,
      expectedNonce: login.nonce,
      pkceCodeVerifier: login.codeVerifier,
      idTokenExpected: true,
    }
    const claims = await this.#turns
      .take(() => this.#claims(found, answered, checks))
      .catch((error: unknown) => {
        throw new OidcRefusal(reasonOf(error), detailOf(error), { cause: error })
      })
    const user = userOf(claims, this.#settings)
    // Another provider may call somebody else by the same subject.
    return { user: { ...user, subject: `${this.#settings.issuer.href} ${user.subject}` }, next: login.next }
  }

  /** Where to log out at the provider too; undefined where it offers none, or is away. */
  async endSessionUrl(): Promise<URL | undefined> {
    const found = await this.#find().catch((error: unknown) => {
      if (error instanceof OidcRefusal) return undefined
      throw error
    })
    return found?.serverMetadata().end_session_endpoint === undefined
      ? undefined
      : oidc.buildEndSessionUrl(found, { post_logout_redirect_uri: this.#own(afterLogoutPath).href })
  }

  /** What the ID token says, which goes first, and what else the provider tells of the same user. */
  async #claims(
    found: oidc.Configuration,
    answered: URL,
    checks: oidc.AuthorizationCodeGrantChecks,
  ): Promise<Record<string, unknown>> {
    const tokens = await oidc.authorizationCodeGrant(found, answered, checks)
    const claims = tokens.claims()!
    if (found.serverMetadata().userinfo_endpoint === undefined) return claims
    return { ...(await oidc.fetchUserInfo(found, tokens.access_token, claims.sub)), ...claims }
  }

  async #find(): Promise<oidc.Configuration> {
    if (this.#found) return this.#found
    const { issuer, clientId, clientSecret } = this.#settings
    try {
      this.#found = await oidc.discovery(issuer, clientId, clientSecret, authenticationBy(clientSecret), {
        timeout: timeoutSeconds,
        // Plain HTTP is let through for a provider on this machine only: see the variable OIDC_ISSUER.
        execute: [
          oidc.enableNonRepudiationChecks,
          ...(issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
        ],
      })
      return this.#found
    } catch (error) {
      throw new OidcRefusal('provider_away', `${issuer.href}: ${detailOf(error)}`, { cause: error })
    }
  }

  #own = (path: string): URL => new URL(path, this.#settings.publicUrl)
}

/** As the provider says it takes a client's secret; in the header where it says nothing, as OpenID Connect has it. */
function authenticationBy(secret: string | undefined): oidc.ClientAuth {
  if (secret === undefined) return oidc.None()
  const inHeader = oidc.ClientSecretBasic(secret)
  const inBody = oidc.ClientSecretPost(secret)
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (taken.includes('client_secret_basic') ? inHeader : inBody)(server, ...rest)
  }
}

function reasonOf(error: unknown): OidcReason {
  if (error instanceof oidc.AuthorizationResponseError) return 'denied'
  if (error instanceof oidc.ResponseBodyError) return error.error === 'invalid_grant' ? 'not_verified' : 'provider_away'
  if (!(error instanceof oidc.ClientError)) return 'provider_away'
  return error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
    ? 'provider_away'
    : 'not_verified'
}

/** One line: what the library says, and what it says it was caused by. */
function detailOf(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
    return oneLine(`${error.error} ${error.error_description ?? ''}`)
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${messageOf(error.cause)}` : ''
  return oneLine(messageOf(error) + cause)
}

/** What a provider says may hold anything. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
