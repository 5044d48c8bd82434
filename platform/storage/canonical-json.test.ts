import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { canonicalJson, sha256Of } from './canonical-json.ts'

describe('canonical JSON', () => {
  it('has no spaces, and fields in the order of their names, however deep', () => {
    const value = { b: [{ z: 1, a: null }, 'x'], a: { d: true, c: 1.5 }, gone: undefined }
    assert.equal(canonicalJson(value), '{"a":{"c":1.5,"d":true},"b":[{"a":null,"z":1},"x"]}')
  })

  it('is the same whatever order fields were told in, and is the value again (property)', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed())
        assert.equal(canonicalJson(value), canonicalJson(turned))
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('is nothing for what is no JSON', () => {
    for (const value of [Number.NaN, Infinity, [undefined], () => 1])
      assert.throws(() => canonicalJson(value), RangeError)
  })
})

describe('sha256Of', () => {
  it('is SHA-256 over the texts, one after the other', () => {
    assert.equal(sha256Of('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    assert.equal(sha256Of('a', 'bc'), sha256Of('abc'))
  })
})
