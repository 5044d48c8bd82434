import assert from 'node:assert/strict'
import { hashPassword, isPassword, isPasswordHash } from './password-hash.ts'

// Written by mosquitto_passwd 2.0.11 for the password `device`.
const ofMosquitto =
  '$7$101$vMJlpt0oa3WuduoK$JV37W53pVLr7+5mibxHiDgFyG41/Prw1Uc+OPlrBvhKt+hobA9OkKs4VTP6mwQF0ey+DjlRcwycC1vIJib6yGg=='

describe('password hash', () => {
  it('knows a password that mosquitto hashed, and no other', () => {
    assert.equal(isPassword('device', ofMosquitto), true)
    for (const other of ['', 'devic', 'Device', 'device ']) assert.equal(isPassword(other, ofMosquitto), false, other)
  })

  it('is what mosquitto writes, for the same salt', () => {
    assert.equal(hashPassword('device', Buffer.from('vMJlpt0oa3WuduoK', 'base64')), ofMosquitto)
  })

  it('is another one for another salt, and each opens', () => {
    const [one, other] = [Buffer.alloc(12, 1), Buffer.alloc(12, 2)].map((salt) => hashPassword('päss word', salt))
    assert.notEqual(one, other)
    for (const hash of [one!, other!]) {
      assert.ok(isPasswordHash(hash))
      assert.ok(isPassword('päss word', hash))
    }
    assert.throws(() => hashPassword('x', Buffer.alloc(11)), /a salt takes 12 bytes, got 11/)
  })

  for (const damaged of ['', 'plain', '$7$101$salt', '$6$c2FsdA==$a2V5', '$7$0x1$c2FsdA==$a2V5', `${ofMosquitto}\n`])
    it(`opens to nobody where it is damaged: ${JSON.stringify(damaged)}`, () => {
      assert.equal(isPasswordHash(damaged), false)
      assert.equal(isPassword('device', damaged), false)
    })
})
