import assert from 'node:assert/strict'
import { fairnessByFeeder } from './fairness.ts'

const parents = new Map<string, string | null>([
  ['root', null],
  ['west', 'root'],
  ['east', 'root'],
])

describe('fairness by feeder', () => {
  it('is that of all devices on it and below it', () => {
    const found = fairnessByFeeder(
      [
        { feederId: 'west', share: 1 },
        { feederId: 'west', share: 1 },
        { feederId: 'east', share: 0 },
      ],
      parents,
    )
    assert.deepEqual(Object.fromEntries(found), { west: 1, root: 4 / 6, east: 1 })
  })

  it('comes to an end where feeders hang on each other in a circle', () => {
    const circle = new Map([
      ['a', 'b'],
      ['b', 'a'],
    ])
    assert.deepEqual([...fairnessByFeeder([{ feederId: 'a', share: 0.5 }], circle).keys()], ['a', 'b'])
  })

  it('is of nobody where nothing was shared out', () => assert.equal(fairnessByFeeder([], parents).size, 0))
})
