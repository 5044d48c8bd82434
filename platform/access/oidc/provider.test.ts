import assert from 'node:assert/strict'
import { generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { wallClock } from '../../clock/clock.ts'
import { freePort } from '../../runtime/ports.ts'
import { PendingLogins } from './pending-login.ts'
import { OidcProvider } from './provider.ts'
import { RealProvider, Wanderer } from './real-provider.fixture.ts'
import type { OidcReason } from './refusal.ts'
import { callbackPath, type OidcSettings } from './settings.ts'

const publicUrl = 'http://localhost:1880'

const accounts = {
  maria: { preferred_username: 'maria', role: 'operator' },
  jose: { preferred_username: 'jose', realm_access: { roles: ['offline', 'engineer'] } },
  nobody: { preferred_username: 'nobody' },
  nameless: { role: 'viewer' },
}

describe('a login by an OpenID Connect provider', () => {
  let real: RealProvider
  let provider: OidcProvider
  const pending = new PendingLogins('a secret of this test only', wallClock)
  const settings = (change: Partial<OidcSettings> = {}): OidcSettings => ({
    issuer: new URL(real.issuer),
    clientId: RealProvider.client.id,
    clientSecret: RealProvider.client.secret,
    scope: 'openid profile',
    roleClaim: 'role',
    usernameClaim: 'preferred_username',
    publicUrl: new URL(publicUrl),
    ...change,
  })

  before(async () => {
    real = await RealProvider.start({ accounts, publicUrl })
    provider = new OidcProvider(settings(), pending)
  })
  after(() => real.stop())
  afterEach(() => (real.tamper = undefined))

  /** Up to the moment when the provider has sent the browser back. */
  async function comeBack(form: Record<string, string> = { name: 'maria' }, by = provider, next?: string) {
    const { url, sealed } = await by.begin(next)
    return { sealed, asked: url, back: await new Wanderer().logIn(url, publicUrl + callbackPath, form) }
  }
  const refused = (login: Promise<unknown>, reason: OidcReason, message?: RegExp): Promise<void> =>
    assert.rejects(login, { name: 'OidcRefusal', reason, ...(message && { message }) })

  it('asks with PKCE, state and nonce, each its own every time', async () => {
    const [one, other] = await Promise.all([provider.begin('/x'), provider.begin('/x')])
    const { searchParams } = one.url
    assert.equal(one.url.origin, real.issuer)
    assert.equal(searchParams.get('redirect_uri'), 'http://localhost:1880/login/oidc/callback')
    assert.equal(searchParams.get('response_type'), 'code')
    assert.equal(searchParams.get('code_challenge_method'), 'S256')
    for (const name of ['code_challenge', 'state', 'nonce']) {
      assert.match(searchParams.get(name)!, /^[\w-]{43}$/)
      assert.notEqual(searchParams.get(name), other.url.searchParams.get(name))
    }
  })

  it('tells who it is, their role, and where they wanted to go', async () => {
    const { sealed, back } = await comeBack({ name: 'maria' }, provider, '/dashboard?x=1')
    assert.deepEqual(await provider.finish(back.search, sealed), {
      user: { username: 'maria', role: 'operator', subject: `${real.issuer}/ subject-of-maria` },
      next: '/dashboard?x=1',
    })
  })

  it('finds a role deep in the claims', async () => {
    const deep = new OidcProvider(settings({ roleClaim: 'realm_access.roles' }), pending)
    const { sealed, back } = await comeBack({ name: 'jose' }, deep)
    assert.equal((await deep.finish(back.search, sealed)).user.role, 'engineer')
  })

  it('refuses whom the provider gives no role or no name', async () => {
    for (const [name, reason] of [
      ['nobody', 'no_role'],
      ['nameless', 'no_username'],
    ] as const) {
      const { sealed, back } = await comeBack({ name })
      await refused(provider.finish(back.search, sealed), reason)
    }
  })

  it('refuses whoever gave up at the provider', async () => {
    const { sealed, back } = await comeBack({ cancel: '' })
    assert.equal(back.searchParams.get('error'), 'access_denied')
    await refused(provider.finish(back.search, sealed), 'denied', /access_denied given up/)
  })

  it('refuses another state than the one it sent, or none', async () => {
    const { sealed, back } = await comeBack()
    for (const state of ['', 'x'.repeat(43), (await comeBack()).back.searchParams.get('state')!]) {
      const changed = new URL(back)
      changed.searchParams.set('state', state)
      await refused(provider.finish(changed.search, sealed), 'not_verified', /state/)
    }
    const without = new URL(back)
    without.searchParams.delete('state')
    await refused(provider.finish(without.search, sealed), 'not_verified', /state/)
  })

  it("refuses an answer in another browser, and one to another browser's question", async () => {
    const [mine, theirs] = await Promise.all([comeBack(), comeBack({ name: 'jose' })])
    await refused(provider.finish(theirs.back.search, undefined), 'not_begun')
    await refused(provider.finish(theirs.back.search, 'forged'), 'not_begun')
    await refused(provider.finish(theirs.back.search, mine.sealed), 'not_verified')
  })

  it('takes each answer once', async () => {
    const { sealed, back } = await comeBack()
    await provider.finish(back.search, sealed)
    await refused(provider.finish(back.search, sealed), 'not_verified', /invalid_grant/)
  })

  it('refuses an answer that says it is of another issuer', async () => {
    const { sealed, back } = await comeBack()
    back.searchParams.set('iss', 'https://evil.example')
    await refused(provider.finish(back.search, sealed), 'not_verified', /iss/)
  })

  it('refuses a code that was given for another challenge', async () => {
    const [one, other] = await Promise.all([comeBack(), comeBack()])
    one.back.searchParams.set('code', other.back.searchParams.get('code')!)
    await refused(provider.finish(one.back.search, one.sealed), 'not_verified', /invalid_grant/)
  })

  describe('refuses an ID token', () => {
    const foreign = async (claims: JWTPayload): Promise<string> => {
      const { privateKey } = await generateKeyPair('RS256')
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test' }).sign(privateKey)
    }
    const keyed = (claims: JWTPayload, key: string): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(key))

    const changed = async (claims: JWTPayload, token: string): Promise<string> => {
      const [header, , signature] = token.split('.')
      return [header, Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url'), signature].join(
        '.',
      )
    }

    const without = (claims: JWTPayload, name: string): JWTPayload =>
      Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name))

    for (const [what, tamper] of [
      ['of another issuer', (claims: JWTPayload) => real.sign({ ...claims, iss: 'https://evil.example' })],
      ['for another client', (claims: JWTPayload) => real.sign({ ...claims, aud: 'another-client' })],
      ['with another nonce', (claims: JWTPayload) => real.sign({ ...claims, nonce: 'another' })],
      ['without a nonce', (claims: JWTPayload) => real.sign(without(claims, 'nonce'))],
      ['that has expired', (claims: JWTPayload) => real.sign({ ...claims, exp: claims.iat! - 3_600 })],
      ['without an end', (claims: JWTPayload) => real.sign(without(claims, 'exp'))],
      ['of another subject than it tells elsewhere', (claims: JWTPayload) => real.sign({ ...claims, sub: 'another' })],
      ['signed with a key that is not its own', foreign],
      ['signed with our own secret', (claims: JWTPayload) => keyed(claims, RealProvider.client.secret)],
      ['that is not signed', async (claims: JWTPayload) => new UnsecuredJWT(claims).encode()],
      ['that was changed after it was signed', changed],
      ['that is none', async () => 'none'],
    ] as const)
      it(what, async () => {
        real.tamper = tamper
        const { sealed, back } = await comeBack()
        await refused(provider.finish(back.search, sealed), 'not_verified')
      })

    it('but takes one that was merely signed again', async () => {
      real.tamper = (claims) => real.sign(claims)
      const { sealed, back } = await comeBack()
      assert.equal((await provider.finish(back.search, sealed)).user.username, 'maria')
    })
  })

  it('says that the provider is away, and finds it when it is back', async () => {
    const port = await freePort()
    const late = new OidcProvider(settings({ issuer: new URL(`http://127.0.0.1:${port}`) }), pending)
    await refused(late.begin(undefined), 'provider_away', /127\.0\.0\.1.*ECONNREFUSED|fetch failed/)
    assert.equal(await late.endSessionUrl(), undefined)
    const back = await RealProvider.start({ accounts, publicUrl, port })
    assert.equal((await late.begin(undefined)).url.port, String(port))
    const { sealed, back: answered } = await comeBack({ name: 'maria' }, late)
    await back.stop()
    await refused(late.finish(answered.search, sealed), 'provider_away')
  })

  it('takes none for the provider that says it is another one', async () => {
    const aliased = new OidcProvider(
      settings({ issuer: new URL(real.issuer.replace('127.0.0.1', 'localhost')) }),
      pending,
    )
    await refused(aliased.begin(undefined), 'provider_away', /issuer does not match/)
  })

  it('knows where to log out at the provider', async () => {
    const url = await provider.endSessionUrl()
    assert.equal(url?.origin, real.issuer)
    assert.equal(url.searchParams.get('post_logout_redirect_uri'), 'http://localhost:1880/logout')
    assert.equal(url.searchParams.get('client_id'), 'linha-viva')
  })
})
