import assert from 'node:assert/strict'
import { holdsKey, isSameHash, makeKey, partsOfKey } from './api-key.ts'

describe('a key', () => {
  it('is told from others by its number, and proven by the hash of the rest', () => {
    const { key, keyId, secretHash } = makeKey()
    const parts = partsOfKey(key)!
    assert.equal(parts.keyId, keyId)
    assert.ok(isSameHash(parts.secretHash, secretHash))
    assert.ok(!secretHash.toString('hex').includes(key.slice(-20)))
    assert.ok(holdsKey(`a, ${key}`))
  })

  it('is another one each time', () => assert.notEqual(makeKey().key, makeKey().key))

  it('with one character changed is not the same', () => {
    const { key, secretHash } = makeKey()
    const at = key.length - 10
    const changed = key.slice(0, at) + (key[at] === 'A' ? 'B' : 'A') + key.slice(at + 1)
    assert.ok(!isSameHash(partsOfKey(changed)!.secretHash, secretHash))
  })

  for (const text of ['', 'lvk_', 'lvk_0123456789abcdef_short', `Bearer ${makeKey().key}`, `${makeKey().key} `])
    it(`is not ${JSON.stringify(text.slice(0, 30))}`, () => assert.equal(partsOfKey(text), undefined))
})
