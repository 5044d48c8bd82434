import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import Provider from 'oidc-provider'

export interface ProviderOptions {
  /** Claims by account; what logs in at the provider's page by that name. */
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Where Linha Viva is. */
  readonly publicUrl: string
  /** To be again where an earlier one was. */
  readonly port?: number
}

/** What the provider signs ID tokens with, for tests that sign others. */
type Sign = (claims: JWTPayload) => Promise<string>

/** A real OpenID Connect provider on the loopback, with a login page of its own that asks for a name and no password. */
export class RealProvider {
  readonly issuer: string
  readonly sign: Sign
  /** What becomes of ID tokens before they leave, in place of a provider that is broken or not the one it says. */
  tamper: ((claims: JWTPayload, idToken: string) => Promise<string>) | undefined
  readonly #server: Server

  private constructor(issuer: string, sign: Sign, server: Server) {
    this.issuer = issuer
    this.sign = sign
    this.#server = server
  }

  static readonly client = { id: 'linha-viva', secret: 'a secret of this test only' }

  static async start({ accounts, publicUrl, port = 0 }: ProviderOptions): Promise<RealProvider> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const server = createServer()
    await once(server.listen(port, '127.0.0.1'), 'listening')
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const sign: Sign = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test' }).sign(privateKey)
    const running = new RealProvider(issuer, sign, server)
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: RealProvider.client.id,
          client_secret: RealProvider.client.secret,
          redirect_uris: [`${publicUrl}/login/oidc/callback`],
          post_logout_redirect_uris: [`${publicUrl}/logout`],
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'test', use: 'sig', alg: 'RS256' }] },
      cookies: { keys: ['cookies of this test'] },
      claims: { openid: ['sub'], profile: ['preferred_username', 'role', 'realm_access'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      findAccount: (_ctx, id) => {
        const name = id.slice('subject-of-'.length)
        return Object.hasOwn(accounts, name)
          ? { accountId: id, claims: () => ({ sub: id, ...accounts[name] }) }
          : undefined
      },
      // Whoever has logged in agrees to all.
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
        grant.addOIDCScope('openid profile')
        await grant.save()
        return grant
      },
    })
    provider.use(async (ctx, next) => {
      await next()
      const tokens = ctx.body as { id_token?: string } | undefined
      if (ctx.path !== '/token' || !running.tamper || typeof tokens?.id_token !== 'string') return
      const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString()) as JWTPayload
      ctx.body = { ...tokens, id_token: await running.tamper(claims, tokens.id_token) }
    })
    const answer = provider.callback()
    server.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
      if (request.method === 'GET') {
        response.setHeader('Content-Type', 'text/html')
        response.end(
          '<!doctype html><title>Provider</title><form method="post"><input name="name" autofocus><button name="login">Log in</button><button name="cancel">Cancel</button></form>',
        )
        return
      }
      void (async () => {
        const form = new URLSearchParams(await text(request))
        const result = form.has('cancel')
          ? { error: 'access_denied', error_description: 'given up' }
          : { login: { accountId: `subject-of-${form.get('name')}` } }
        await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
      })().catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
    return running
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Goes as a browser would: keeps cookies of each host by path, and follows no redirection by itself. */
export class Wanderer {
  readonly #cookies: { host: string; path: string; name: string; value: string }[] = []

  async go(url: string | URL, form?: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const { host, pathname } = new URL(url)
    const sent = this.#cookies.filter((each) => each.host === host && under(pathname, each.path))
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { ...headers, cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) this.#keep(host, line)
    return response
  }

  /** Goes on and on, naming itself on the provider's page, until it is sent to an address that begins so. @returns that address */
  async logIn(from: string | URL, until: string, form: Record<string, string>): Promise<URL> {
    let at = new URL(from)
    for (let step = 0; step < 12; step++) {
      if (at.href.startsWith(until)) return at
      const response = await this.go(at, at.pathname.startsWith('/interaction/') ? form : undefined)
      const location = response.headers.get('location')
      if (location === null) throw new Error(`${at.href} answered ${response.status}: ${await response.text()}`)
      at = new URL(location, at)
    }
    throw new Error(`sent on and on, at last to ${at.href}`)
  }

  cookie(name: string): string | undefined {
    return this.#cookies.find((each) => each.name === name)?.value
  }

  setCookie(url: string, name: string, value: string, path = '/'): void {
    this.#keep(new URL(url).host, `${name}=${value}; Path=${path}`)
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const told = (attribute: string): string | undefined =>
      attributes.find((each) => each.toLowerCase().startsWith(`${attribute}=`))?.slice(attribute.length + 1)
    const path = told('path') ?? '/'
    const known = this.#cookies.findIndex((each) => each.host === host && each.path === path && each.name === name)
    if (known >= 0) this.#cookies.splice(known, 1)
    const gone = told('max-age') === '0' || new Date(told('expires') ?? '2999').getTime() === 0
    if (!gone) this.#cookies.push({ host, path, name, value })
  }
}

const under = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
