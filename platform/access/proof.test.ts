import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mismatchOf, proofTtlMs, signProof, verifyProof } from './proof.ts'
import { keysOf, signToken } from './token.ts'

const { proof: key, token: tokenKey } = keysOf('a secret of tests, of no use anywhere else')
const now = Date.UTC(2026, 10, 21, 12)
const holder = { username: 'ana', sessionId: randomUUID() }
const purpose = { action: 'open_switch', target: 'sw-12', bodyHash: 'ab'.repeat(32) }

describe('a proof', () => {
  it('says who gave the password for what, for a minute', async () => {
    const proof = await signProof(key, holder, purpose, now)
    const { proofId, expiresAt, ...said } = (await verifyProof(key, proof, now))!
    assert.deepEqual(said, { ...holder, ...purpose })
    assert.match(proofId, /^[0-9a-f-]{36}$/)
    assert.equal(expiresAt, now + proofTtlMs)
    assert.ok(await verifyProof(key, proof, now + proofTtlMs - 1))
    assert.equal(await verifyProof(key, proof, now + proofTtlMs), undefined)
  })

  it('is another one each time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => signProof(key, holder, purpose, now)))
    assert.notEqual((await verifyProof(key, one!, now))!.proofId, (await verifyProof(key, other!, now))!.proofId)
  })

  it('is no token, and a token is no proof, even where the keys are the same', async () => {
    const token = await signToken(tokenKey, { ...holder, expiresAt: now + 60_000 }, now)
    assert.equal(await verifyProof(tokenKey, token, now), undefined)
    assert.equal(await verifyProof(tokenKey, await signProof(key, holder, purpose, now), now), undefined)
  })

  for (const [what, changed] of [
    ['another user', { username: 'eva' }],
    ['another session', { sessionId: randomUUID() }],
    ['another action', { action: 'close_switch' }],
    ['another target', { target: 'sw-13' }],
    ['another request', { bodyHash: 'cd'.repeat(32) }],
    ['another request', { bodyHash: undefined }],
  ] as const)
    it(`does not do for ${what}`, async () => {
      const said = (await verifyProof(key, await signProof(key, holder, purpose, now), now))!
      assert.equal(mismatchOf(said, holder, purpose), undefined)
      assert.match(mismatchOf(said, { ...holder, ...changed }, { ...purpose, ...changed })!, new RegExp(what))
    })
})
