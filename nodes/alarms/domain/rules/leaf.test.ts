import assert from 'node:assert/strict'
import fc from 'fast-check'
import { remember, verdict, type Sample } from './leaf.ts'
import type { DigitalLeaf, Leaf, LimitLeaf, RateLeaf } from './rule.ts'
import { reading } from './rules.fixture.ts'

const high: LimitLeaf = { type: 'limit', measure: 'p_kw', level: 'H', setPoint: 100, deadband: 10 }
const low: LimitLeaf = { type: 'limit', measure: 'va_v', level: 'L', setPoint: 117, deadband: 2 }
const holds = (leaf: Leaf, values: Record<string, number>, held = false): boolean | null =>
  verdict(leaf, reading(0, values), held, [])

describe('a limit', () => {
  for (const [value, before, now] of [
    [100, false, false],
    [100.1, false, true],
    [95, true, true],
    [95, false, false],
    [90.1, true, true],
    [90, true, false],
  ] as const)
    it(`H 100 with deadband 10, at ${value}, ${before ? 'held before' : 'free before'}: ${now ? 'holds' : 'does not hold'}`, () =>
      assert.equal(holds(high, { p_kw: value }, before), now))

  for (const [value, before, now] of [
    [117, false, false],
    [116.9, false, true],
    [118.9, true, true],
    [119, true, false],
  ] as const)
    it(`L 117 with deadband 2, at ${value}, ${before ? 'held before' : 'free before'}: ${now ? 'holds' : 'does not hold'}`, () =>
      assert.equal(holds(low, { va_v: value }, before), now))

  it('is not known where the reading has no such measure', () => assert.equal(holds(high, { va_v: 1 }), null))

  it('changes at most once while the measure stays inside of the deadband (property)', () => {
    const inside = fc.double({ min: 90, max: 100, minExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.boolean(), fc.array(inside, { minLength: 1 }), (before, values) => {
        assert.deepEqual(new Set(values.map((value) => holds(high, { p_kw: value }, before))), new Set([before]))
      }),
    )
  })

  it('L is H of the mirrored measure (property)', () => {
    const mirrored: LimitLeaf = { ...high, level: 'L', setPoint: -100 }
    fc.assert(
      fc.property(fc.double({ min: 50, max: 150, noNaN: true }), fc.boolean(), (value, held) => {
        assert.equal(holds(high, { p_kw: value }, held), holds(mirrored, { p_kw: -value }, held))
      }),
    )
  })
})

describe('a deviation', () => {
  const deviation = { type: 'deviation', measure: 'va_v', setPoint: 5, deadband: 1 } as const

  it('is from a constant, to either side', () => {
    const leaf: Leaf = { ...deviation, from: 127, as: 'absolute' }
    assert.deepEqual(
      [121.9, 122, 132, 132.1].map((va_v) => holds(leaf, { va_v })),
      [true, false, false, true],
    )
  })

  it('is from another measure of the same reading', () => {
    const leaf: Leaf = { ...deviation, from: 'vb_v', as: 'absolute' }
    assert.equal(holds(leaf, { va_v: 127, vb_v: 120 }), true)
    assert.equal(holds(leaf, { va_v: 127 }), null)
  })

  it('is in percent of what should be, and not known where that is 0', () => {
    const leaf: Leaf = { ...deviation, from: 'vb_v', as: 'percent' }
    assert.deepEqual(
      [200, 0].map((vb_v) => holds(leaf, { va_v: 211, vb_v })),
      [true, null],
    )
    assert.equal(holds(leaf, { va_v: 209, vb_v: 200 }, true), true)
    assert.equal(holds(leaf, { va_v: 208, vb_v: 200 }, true), false)
  })
})

describe('a rate of change', () => {
  const rate: RateLeaf = {
    ...{ type: 'rate', measure: 'p_kw', direction: 'rising', per: 'minute', overMs: 60_000, setPoint: 30, deadband: 5 },
  }
  const taken = (leaf: RateLeaf, samples: readonly Sample[]): (boolean | null)[] => {
    let history: readonly Sample[] = []
    return samples.map(([at, p_kw]) => {
      const one = reading(at, { p_kw })
      const holdsNow = verdict(leaf, one, false, history)
      history = remember(leaf, one, history)
      return holdsNow
    })
  }

  it('is not known until it has been watched for its span', () =>
    assert.deepEqual(
      taken(rate, [
        [0, 0],
        [30_000, 100],
        [60_000, 100],
      ]),
      [null, null, true],
    ))

  it('is by the time that has passed, whatever the readings’ interval', () =>
    assert.deepEqual(
      taken(rate, [
        [0, 0],
        [90_000, 45],
        [180_000, 92],
      ]),
      [null, false, true],
    ))

  it('falls only where falling is meant, and either way where that is', () => {
    const fall: readonly Sample[] = [
      [0, 100],
      [60_000, 60],
    ]
    assert.equal(taken(rate, fall)[1], false)
    assert.equal(taken({ ...rate, direction: 'falling' }, fall)[1], true)
    assert.equal(taken({ ...rate, direction: 'either' }, fall)[1], true)
    assert.equal(taken({ ...rate, per: 'second', direction: 'either' }, fall)[1], false)
  })

  it('says nothing across a gap of more than twice its span', () =>
    assert.deepEqual(
      taken(rate, [
        [0, 0],
        [120_001, 1_000],
      ]),
      [null, null],
    ))

  it('keeps few samples however often a device reports, and knows a steady rate from them (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        (intervalMs, perMinute) => {
          fc.pre(Math.abs(perMinute - 30) > 0.01)
          let history: readonly Sample[] = []
          let last: boolean | null = null
          for (let at = 0; at <= 200_000; at += Math.max(intervalMs, 500)) {
            const one = reading(at, { p_kw: (perMinute * at) / 60_000 })
            last = verdict({ ...rate, deadband: 0 }, one, false, history)
            history = remember(rate, one, history)
            assert.ok(history.length <= 10, `${history.length} samples`)
          }
          assert.equal(last, perMinute > 30)
        },
      ),
    )
  })
})

describe('a word or a number', () => {
  const open: DigitalLeaf = { type: 'digital', field: 'position', equals: 'open' }

  it('is compared with the reading’s words', () => {
    const position = (word: string) => verdict(open, reading(0, {}, { labels: { position: word } }), false, [])
    assert.deepEqual(['open', 'closed', 'intermediate'].map(position), [true, false, false])
    assert.equal(holds(open, {}), null)
  })

  it('is compared with the reading’s numbers', () => {
    const leaf: DigitalLeaf = { type: 'digital', field: 'door', equals: '1' }
    assert.deepEqual(
      [1, 0].map((door) => holds(leaf, { door })),
      [true, false],
    )
  })
})
