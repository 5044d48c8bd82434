import assert from 'node:assert/strict'
import { createHmac, createSecretKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { audience, issuer, keysOf, signToken, verifyToken } from './token.ts'

const secret = 'a secret of tests, of no use anywhere else'
const { token: key, proof } = keysOf(secret)
const now = Date.UTC(2026, 10, 21, 12)
const claims = { username: 'ana', sessionId: randomUUID(), expiresAt: now + 60_000 }

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const body = {
  ...{ sub: claims.username, sid: claims.sessionId, jti: randomUUID(), iss: issuer, aud: audience },
  ...{ iat: now / 1_000, exp: claims.expiresAt / 1_000 },
}
const signed = (header: object, payload: object, key = secret, digest = 'sha256'): string => {
  const text = `${base64(header)}.${base64(payload)}`
  return `${text}.${createHmac(digest, key).update(text).digest('base64url')}`
}
const hs256 = { alg: 'HS256', typ: 'JWT' }

describe('a token', () => {
  it('is verified as what it was signed as, until it expires', async () => {
    const token = await signToken(key, claims, now)
    assert.deepEqual(await verifyToken(key, token, now), claims)
    assert.deepEqual(await verifyToken(key, token, now + 59_999), claims)
    assert.equal(await verifyToken(key, token, now + 60_000), undefined)
  })

  it('made by hand with the right key is one: what follows is refused for what is wrong with it', async () => {
    assert.deepEqual(await verifyToken(key, signed(hs256, body), now), claims)
  })

  const { exp: _exp, ...withoutExpiry } = body
  const { jti: _jti, ...withoutId } = body
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  for (const [attack, token] of [
    ['alg none', `${base64({ alg: 'none' })}.${base64(body)}.`],
    ['alg None with the right signature', signed({ alg: 'None' }, body)],
    ['no alg', signed({ typ: 'JWT' }, body)],
    ['no signature', signed(hs256, body).replace(/[^.]*$/, '')],
    ['a foreign key', signed(hs256, body, 'another secret, of somebody else altogether')],
    ['the key of proofs', signed(hs256, body, proof.export().toString('latin1'))],
    ['an empty key', signed(hs256, body, '')],
    ['HS512 with the right key', signed({ alg: 'HS512' }, body, secret, 'sha512')],
    ['HS256 with the text of a public key', signed(hs256, body, pem)],
    ['a key that it names itself', signed({ ...hs256, jwk: { kty: 'oct', k: 'AAAA' } }, body, '\0\0\0')],
    ['a critical extension nobody knows', signed({ ...hs256, crit: ['x'], x: 1 }, body)],
    ['another issuer', signed(hs256, { ...body, iss: 'somebody' })],
    ['another audience', signed(hs256, { ...body, aud: 'linha-viva-proof' })],
    ['no audience', signed(hs256, { ...body, aud: undefined })],
    ['no expiry', signed(hs256, withoutExpiry)],
    ['an expiry that is no number', signed(hs256, { ...body, exp: 'never' })],
    ['an expiry in the past', signed(hs256, { ...body, exp: now / 1_000 - 1 })],
    ['a beginning in the future', signed(hs256, { ...body, nbf: now / 1_000 + 60 })],
    ['no id', signed(hs256, withoutId)],
    ['no session', signed(hs256, { ...body, sid: undefined })],
    ['a session that is none', signed(hs256, { ...body, sid: "' or 1=1" })],
    ['no user', signed(hs256, { ...body, sub: undefined })],
    ['no token', ''],
    ['no token at all', 'Bearer'],
  ] as const)
    it(`is refused: ${attack}`, async () => assert.equal(await verifyToken(key, token, now), undefined))

  it('is refused: RS256 by a key of the attacker', async () => {
    const token = await new SignJWT(body).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    assert.equal(await verifyToken(key, token, now), undefined)
  })

  it('does not survive the change of any character (property)', async () => {
    const token = signed(hs256, body)
    const change = fc.tuple(fc.nat(token.length - 1), fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_'))
    await fc.assert(
      fc.asyncProperty(change, async ([at, character]) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        const same = Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(
          Buffer.from(token.split('.')[2]!, 'base64url'),
        )
        // The last character of a signature carries bits that say nothing.
        if (changed === token || (same && at > token.lastIndexOf('.'))) return
        assert.equal(await verifyToken(key, changed, now), undefined)
      }),
    )
  })
})

describe('the keys', () => {
  it('are one for each purpose, and follow from the secret', () => {
    const { token, proof, csrf } = keysOf(secret)
    const all = [token.export(), proof.export(), csrf].map((key) => key.toString('hex'))
    assert.equal(new Set(all).size, 3)
    assert.ok(createSecretKey(Buffer.from(secret)).equals(token))
    assert.deepEqual(keysOf(secret).csrf, csrf)
    assert.notDeepEqual(keysOf(`${secret}!`).csrf, csrf)
  })
})
