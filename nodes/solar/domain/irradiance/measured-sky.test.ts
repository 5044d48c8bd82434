import assert from 'node:assert/strict'
import { measuredSky } from './measured-sky.ts'

const sensor = (panelId: string, index: number) => ({ panelId, index })

describe('the sky by sensors', () => {
  it('is each its own, and their middle for the others', () => {
    const sky = measuredSky([sensor('a', 0.7), sensor('b', 0.8), sensor('c', 0.75)], null)!
    assert.deepEqual([sky.ofSite, sky.own.get('a'), sky.own.get('d')], [0.75, 0.7, undefined])
  })

  it('stands alone where all panels are dead: then it tells that they are', () => {
    assert.equal(measuredSky([sensor('a', 0.9)], null)!.ofSite, 0.9)
  })

  for (const [what, index, siblings] of [
    ['is dead while panels generate', 0, 0.8],
    ['is shaded while panels generate', 0.3, 0.8],
    ['shows sun while all panels are under clouds', 0.9, 0.2],
    ['shows less than nothing', -0.1, null],
  ] as const)
    it(`is not believed where a sensor ${what}`, () => assert.equal(measuredSky([sensor('a', index)], siblings), null))

  it('is believed where all panels are dirty, as by clouds that pass sensor and panels one after the other', () => {
    assert.equal(measuredSky([sensor('a', 0.9)], 0.6)!.ofSite, 0.9)
    assert.equal(measuredSky([sensor('a', 0.5)], 0.7)!.ofSite, 0.5)
  })

  it('is not told where there is no sensor', () => assert.equal(measuredSky([], 0.8), null))
})
