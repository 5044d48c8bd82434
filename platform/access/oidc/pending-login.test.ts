import assert from 'node:assert/strict'
import { EncryptJWT, SignJWT } from 'jose'
import { PendingLogins, pendingMs } from './pending-login.ts'

const secret = 'Correct-Horse-7-Battery'
const login = { state: 'st', nonce: 'no', codeVerifier: 'verifier-that-must-stay-secret', next: '/dashboard' }

describe('a login pending at the provider', () => {
  let now = Date.UTC(2026, 10, 21)
  const logins = new PendingLogins(secret, { now: () => now })

  it('comes back as it was sealed, and cannot be read in between', async () => {
    const sealed = await logins.seal(login)
    assert.deepEqual(await logins.open(sealed), login)
    const shown = sealed
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join()
    assert.doesNotMatch(shown, /verifier|dashboard/)
    assert.ok(sealed.length < 1_000, 'fits into a cookie')
  })

  it('is gone after ten minutes', async () => {
    const sealed = await logins.seal(login)
    now += pendingMs - 2_000
    assert.deepEqual(await logins.open(sealed), login)
    now += 4_000
    assert.equal(await logins.open(sealed), undefined)
  })

  it('is nothing when it was changed anywhere', async () => {
    const sealed = await logins.seal(login)
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      // The last character of a part may carry bits that mean nothing.
      if (!/[.]/.test(sealed.slice(at, at + 2)) && at < sealed.length - 1)
        assert.equal(await logins.open(changed), undefined, `changed at ${at}`)
    }
  })

  it('is nothing when another secret sealed it, when it is a signed token, or no token at all', async () => {
    const foreign = await new PendingLogins('another secret', { now: () => now }).seal(login)
    const signed = await new SignJWT({ ...login })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('linha-viva')
      .setAudience('linha-viva-oidc')
      .setExpirationTime('10m')
      .sign(Buffer.from(secret))
    const rawKey = await new EncryptJWT({ ...login })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime('10m')
      .encrypt(new Uint8Array(32))
    for (const sealed of [foreign, signed, rawKey, '', 'x', 'a.b.c.d.e', undefined])
      assert.equal(await logins.open(sealed), undefined)
  })
})
