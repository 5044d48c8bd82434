import assert from 'node:assert/strict'
import fc from 'fast-check'
import { forestSeed } from './seed.ts'

describe('the seed of a forest', () => {
  it('is a whole number of 32 bits, the same for the same site and version (property)', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (siteId, version) => {
        const seed = forestSeed(siteId, version)
        assert.equal(seed, seed | 0)
        assert.equal(seed, forestSeed(siteId, version))
      }),
    ))

  it('is another one for another site or version', () => {
    const seeds = ['site-1', 'site-11', 'usina', ''].flatMap((site) =>
      Array.from({ length: 100 }, (_, version) => forestSeed(site, version)),
    )
    assert.equal(new Set(seeds).size, seeds.length)
  })
})
