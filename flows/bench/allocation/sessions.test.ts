import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { feedersOf } from './feeder-tree.ts'
import { readSessions } from './sessions.ts'

const feeders = feedersOf([{ feederId: 'a' }, { feederId: 'b', parentFeederId: 'a' }])
const read = (entries: unknown) => readSessions('sessions.json', JSON.stringify(entries), feeders)
const good = { id: 's', arrival: '2026-03-02T08:00:00-03:00', departure: 1_772_481_600_000, energyKwh: 9, maxKw: 7.4 }

describe('sessions from a file', () => {
  it('draw from all phases at the root unless they say otherwise', () => {
    const [plain, told] = read([good, { ...good, id: 't', phase: 'B', feederId: 'b' }])
    assert.deepEqual(plain, {
      ...{ id: 's', arrival: Date.UTC(2026, 2, 2, 11), departure: 1_772_481_600_000, energyKwh: 9, maxKw: 7.4 },
      ...{ phases: ['A', 'B', 'C'], feederId: 'a' },
    })
    assert.deepEqual([told!.phases, told!.feederId], [['B'], 'b'])
  })

  for (const [what, entry, message] of [
    ['no energy', { ...good, id: 't', energyKwh: 0 }, /^BadFile: sessions\.json\[1\]\.energyKwh is 0: it must be > 0/],
    ['power as text', { ...good, id: 't', maxKw: '7' }, /\[1\]\.maxKw is "7": it must be number/],
    ['no departure', { ...good, id: 't', departure: undefined }, /\[1\]\.departure is missing/],
    [
      'an arrival without offset',
      { ...good, id: 't', arrival: '2026-03-02T08:00' },
      /\[1\]\.arrival is "2026-03-02T08:00"/,
    ],
    ['a departure before its arrival', { ...good, id: 't', departure: 5 }, /\[1\]\.departure is 5: it must be after/],
    ['an id that is there', good, /\[1\]\.id is "s": it is there twice/],
    [
      'a feeder that is not there',
      { ...good, id: 't', feederId: 'z' },
      /\[1\]\.feederId is "z": there is no such feeder/,
    ],
    ['a phase that there is not', { ...good, id: 't', phase: 'D' }, /\[1\]\.phase is "D"/],
    ['what it does not know', { ...good, id: 't', user: 'x' }, /\[1\]\.user is not taken/],
  ] as const)
    it(`are refused for ${what}`, () => assert.throws(() => read([good, entry]), message))
})
