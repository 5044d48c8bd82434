import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isSame, newRefreshToken, readRefreshToken } from './refresh-token.ts'

describe('a refresh token', () => {
  const key = Buffer.alloc(32, 7)
  const sessionId = randomUUID()
  const { refreshToken, refreshHash } = newRefreshToken(key, sessionId)
  const [id, secret, mac] = refreshToken.split('.') as [string, string, string]

  it('names its session, and the hash that is stored of it', () => {
    const read = readRefreshToken(key, refreshToken)
    assert.equal(read?.sessionId, sessionId)
    assert.ok(isSame(read.hash, refreshHash))
  })

  it('is another one each time', () => {
    const other = newRefreshToken(key, sessionId)
    assert.notEqual(other.refreshToken, refreshToken)
    assert.ok(!isSame(other.refreshHash, refreshHash))
  })

  for (const [what, token] of [
    ['of another session', `${randomUUID()}.${secret}.${mac}`],
    ['with another secret', `${id}.${secret.slice(1)}x.${mac}`],
    ['without its signature', `${id}.${secret}`],
    ['of a session that is no UUID', refreshToken.slice(1)],
    ['that is empty', ''],
  ] as const)
    it(`${what} is none of ours`, () => assert.equal(readRefreshToken(key, token), undefined))

  it('signed with another key is none of ours', () =>
    assert.equal(readRefreshToken(Buffer.alloc(32, 8), refreshToken), undefined))
})
