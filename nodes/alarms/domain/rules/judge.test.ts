import assert from 'node:assert/strict'
import fc from 'fast-check'
import { conclusion, judgeReading, judgeTime, staleAt, type DeviceState, type RuleChange } from './judge.ts'
import type { ExpressionConfig } from './rule-config.ts'
import type { Evidence, Logic } from './rule.ts'
import { limit, reading, ruleOf, run } from './rules.fixture.ts'

const minute = 60_000
const stale: ExpressionConfig = { type: 'stale', afterS: 600 }
const open: ExpressionConfig = { type: 'digital', field: 'position', equals: 'open' }

describe('a rule at a device', () => {
  const high = [ruleOf(limit('H', 100, 10))]

  it('begins beyond the set point, and ends past the deadband, with what was found', () => {
    const { changes } = run(
      high,
      [90, 101, 95, 92, 89].map((p_kw, at) => reading(at, { p_kw })),
    )
    assert.deepEqual(
      changes.map(({ active, at, found }) => ({ active, at, ...found })),
      [
        { active: true, at: 1, value: 101, limit: 100, unit: 'kW' },
        { active: false, at: 4, value: 89, limit: 100, unit: 'kW' },
      ],
    )
  })

  it('says nothing of readings that are late, doubled, or invalid by the device’s own word', () => {
    const taken = [
      ...[reading(10, { p_kw: 50 }), reading(9, { p_kw: 200 }), reading(10, { p_kw: 200 })],
      reading(11, { p_kw: 200 }, { quality: 'invalid' }),
    ]
    const { changes, device } = run(high, taken)
    assert.deepEqual([changes, device.at], [[], 10])
  })

  it('goes on as it was where a reading has no such measure', () => {
    const { said } = run(high, [reading(1, { p_kw: 101 }), reading(2, { va_v: 1 }), reading(3, { p_kw: 95 })])
    assert.deepEqual(said, [[true, 1]])
  })

  it('is only for the kind, type, feeders and devices that it names', () => {
    const rule = ruleOf(limit('H', 1, 0, 'p_actual_kw'), {
      ...{ kind: 'der', derType: 'pv', feederIds: ['f-1'], deviceIds: ['pv-1'] },
    })
    const good = reading(
      1,
      { p_actual_kw: 2 },
      { kind: 'der', deviceId: 'pv-1', feederId: 'f-1', labels: { type: 'pv' } },
    )
    assert.equal(run([rule], [good]).changes.length, 1)
    const others: Partial<Evidence>[] = [
      ...([{ kind: 'meter' }, { deviceId: 'pv-2' }, { feederId: 'f-2' }, { feederId: undefined }] as const),
      { labels: { type: 'battery' } },
    ]
    for (const other of others) assert.deepEqual(run([rule], [{ ...good, ...other }]).changes, [])
  })

  it('is taken back where the device is none of its devices any more', () => {
    const rule = ruleOf(limit('H', 1), { feederIds: ['f-1'] })
    const { said } = run(
      [rule],
      [
        ...[reading(1, { p_kw: 2 }, { feederId: 'f-1' }), reading(2, { p_kw: 2 }, { feederId: 'f-2' })],
        reading(3, { p_kw: 2 }, { feederId: 'f-2' }),
      ],
    )
    assert.deepEqual(said, [
      [true, 1],
      [false, 2],
    ])
  })

  it('never flaps while a measure stays within its deadband (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 90, max: 1_000, minExcluded: true, noNaN: true })), (values) => {
        const { said } = run(
          high,
          values.map((p_kw, at) => reading(at, { p_kw })),
        )
        assert.ok(said.length <= 1)
      }),
    )
  })

  it('goes on from a state that was stored, as if nothing had been (property)', () => {
    const rules = [
      ruleOf({ type: 'and', of: [limit('H', 100, 10), { type: 'not', of: limit('L', 110, 5, 'va_v') }] }),
      ruleOf(stale),
    ]
    const readings = fc.array(arbitraryReading(), { maxLength: 30 })
    fc.assert(
      fc.property(readings, fc.nat(30), (all, cut) => {
        const whole = run(rules, all)
        const first = run(rules, all.slice(0, cut))
        const stored = first.device && (JSON.parse(JSON.stringify(first.device)) as DeviceState)
        const second = run(rules, all.slice(cut), stored)
        assert.deepEqual([...first.said, ...second.said], whole.said)
        assert.deepEqual(second.device, whole.device)
      }),
    )
  })

  it('is the same however readings of several devices are mixed, and however often each is told (property)', () => {
    const rules = [ruleOf(limit('H', 100, 10))]
    const one = fc.array(arbitraryReading(), { maxLength: 20 })
    fc.assert(
      fc.property(one, one, fc.infiniteStream(fc.boolean()), (a, b, picks) => {
        const [states, said] = [new Map<string, DeviceState>(), { a: [] as unknown[], b: [] as unknown[] }]
        const waiting = { a: a.flatMap((each) => [each, each]), b: [...b] }
        for (const pick of picks) {
          const from = (pick && waiting.a.length > 0) || waiting.b.length === 0 ? 'a' : 'b'
          const next = waiting[from].shift()
          if (!next) break
          const { device, changes } = judgeReading(rules, states.get(from), next)
          states.set(from, device)
          said[from].push(...changes.map(({ active, at }) => [active, at]))
        }
        assert.deepEqual(said, { a: run(rules, a).said, b: run(rules, b).said })
      }),
    )
  })
})

describe('conditions combined', () => {
  const both: ExpressionConfig = { type: 'and', of: [limit('H', 100), limit('L', 110, 0, 'va_v')] }
  const any: ExpressionConfig = { ...both, type: 'or' }
  const at = (p_kw?: number, va_v?: number): Evidence =>
    reading(1, { ...(p_kw !== undefined && { p_kw }), ...(va_v !== undefined && { va_v }) })
  const holds = (when: ExpressionConfig, one: Evidence): boolean => run([ruleOf(when)], [one]).said.length === 1

  it('AND holds where all hold, OR where any does, NOT where it does not', () => {
    assert.deepEqual(
      [at(101, 109), at(101, 111), at(99, 109)].map((one) => holds(both, one)),
      [true, false, false],
    )
    assert.deepEqual(
      [at(101, 109), at(101, 111), at(99, 111)].map((one) => holds(any, one)),
      [true, true, false],
    )
    assert.deepEqual(
      [at(99), at(101)].map((one) => holds({ type: 'not', of: limit('H', 100) }, one)),
      [true, false],
    )
  })

  it('one that decides is enough where the other is not known', () => {
    assert.equal(holds(any, at(101)), true)
    assert.equal(holds(both, at(101)), false)
    // Known not to hold: it ends, although the other is missing.
    const { said } = run([ruleOf(both)], [at(101, 109), { ...at(99), at: 2 }])
    assert.deepEqual(said, [
      [true, 1],
      [false, 2],
    ])
  })

  it('not knowing changes nothing', () => {
    const { said } = run([ruleOf(both)], [at(101, 109), { ...at(101), at: 2 }, { ...at(), at: 3 }])
    assert.deepEqual(said, [[true, 1]])
  })

  it('equals an independent oracle of three-valued logic (property)', () => {
    const leaves = 6
    const { logic } = fc.letrec<{ logic: Logic }>((tie) => ({
      logic: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.nat(leaves - 1).map((leaf): Logic => ({ type: 'leaf', leaf })),
        fc.record({
          type: fc.constantFrom('and', 'or'),
          of: fc.array(tie('logic'), { minLength: 1, maxLength: 4 }),
        }) as fc.Arbitrary<Logic>,
        fc.record({ type: fc.constant('not'), of: tie('logic') }) as fc.Arbitrary<Logic>,
      ),
    }))
    const truths = fc.array(fc.constantFrom(true, false, null), { minLength: leaves, maxLength: leaves })
    fc.assert(
      fc.property(logic, truths, (tree, values) => {
        const bits = (wanted: (value: boolean | null) => boolean): number =>
          values.reduce((sum, value, place) => sum | (wanted(value) ? 1 << place : 0), 0)
        const [held, known] = [bits((value) => value === true), bits((value) => value !== null)]
        assert.equal(conclusion(tree, { held, known }), fromOrder(oracle(tree, values)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('the order of the parts is of no matter (property)', () => {
    const parts: ExpressionConfig[] = [limit('H', 100, 10), limit('L', 110, 5, 'va_v'), open]
    fc.assert(
      fc.property(
        fc.constantFrom('and' as const, 'or' as const),
        fc.shuffledSubarray(parts, { minLength: 3 }),
        fc.array(arbitraryReading(), { maxLength: 30 }),
        (type, shuffled, readings) =>
          assert.deepEqual(
            run([ruleOf({ type, of: shuffled })], readings).said,
            run([ruleOf({ type, of: parts })], readings).said,
          ),
      ),
    )
  })
})

describe('no reading for so long', () => {
  const silent = [ruleOf(stale)]

  it('holds from the instant on at which it was due, whenever somebody looks, and ends with the next reading', () => {
    const { device } = run(silent, [reading(0, {})])
    assert.deepEqual(judgeTime(silent, device, 10 * minute - 1).changes, [])
    const late = judgeTime(silent, device, 25 * minute)
    assert.deepEqual(saidOf(late.changes), [[true, 10 * minute]])
    assert.deepEqual(judgeTime(silent, late.device, 26 * minute).changes, [])
    assert.deepEqual(run(silent, [reading(30 * minute, {})], late.device).said, [[false, 30 * minute]])
  })

  it('has been, between two readings too far apart, also where nobody looked meanwhile', () =>
    assert.deepEqual(run(silent, [reading(0, {}), reading(30 * minute, {})]).said, [
      [true, 10 * minute],
      [false, 30 * minute],
    ]))

  it('does not end before it began where what ends it was long on its way', () => {
    const { device } = judgeTime(silent, run(silent, [reading(0, {})]).device, 11 * minute)
    assert.deepEqual(run(silent, [reading(9 * minute, {})], device).said, [[false, 10 * minute]])
  })

  it('says when it is due next', () => {
    const { device } = run(silent, [reading(minute, {})])
    assert.equal(staleAt(silent, device), 11 * minute)
    assert.equal(staleAt(silent, judgeTime(silent, device, 11 * minute).device), null)
    assert.equal(staleAt([ruleOf(limit('H', 1))], device), null)
  })

  it('is combined with what was last known', () => {
    const rules = [ruleOf({ type: 'and', of: [stale, open] }, { kind: 'switch' })]
    const told = (position: string) => run(rules, [reading(0, {}, { kind: 'switch', labels: { position } })]).device
    assert.deepEqual(saidOf(judgeTime(rules, told('open'), 20 * minute).changes), [[true, 10 * minute]])
    assert.deepEqual(judgeTime(rules, told('closed'), 20 * minute).changes, [])
  })

  it('is not for a device of which the rule has taken nothing', () => {
    const rules = [ruleOf(stale, { feederIds: ['f-1'] })]
    const { device } = run(rules, [reading(0, {})])
    assert.deepEqual(judgeTime(rules, device, 20 * minute).changes, [])
  })

  it('is the same however often somebody looks (property)', () => {
    const instants = fc.uniqueArray(fc.nat(3 * 60), { maxLength: 10 }).map((all) => all.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(instants, fc.array(fc.nat(3 * 60)), (minutes, looks) => {
        let device: DeviceState | undefined
        const said: unknown[] = []
        for (let now = 0; now <= 200; now++) {
          if (minutes.includes(now)) {
            const judged = judgeReading(silent, device, reading(now * minute, {}))
            device = judged.device
            said.push(...saidOf(judged.changes))
          } else if (device && (looks.includes(now) || now === 200)) {
            const judged = judgeTime(silent, device, now * minute)
            device = judged.device
            said.push(...saidOf(judged.changes))
          }
        }
        const gaps = minutes.flatMap((begin, place) => {
          const end = minutes[place + 1] ?? Infinity
          if (Math.min(end, 200) - begin < 10) return []
          return [[true, (begin + 10) * minute], ...(end === Infinity ? [] : [[false, end * minute]])]
        })
        assert.deepEqual(said, gaps)
      }),
    )
  })
})

const saidOf = (changes: readonly RuleChange[]) => changes.map(({ active, at }) => [active, at])

function arbitraryReading(): fc.Arbitrary<Evidence> {
  return fc
    .record({
      at: fc.nat(3 * 3_600_000),
      p_kw: fc.option(fc.double({ min: 80, max: 120, noNaN: true }), { nil: undefined }),
      va_v: fc.option(fc.double({ min: 100, max: 120, noNaN: true }), { nil: undefined }),
      position: fc.constantFrom('open', 'closed', undefined),
    })
    .map(({ at, p_kw, va_v, position }) =>
      reading(
        at,
        { ...(p_kw !== undefined && { p_kw }), ...(va_v !== undefined && { va_v }) },
        position === undefined ? {} : { labels: { position } },
      ),
    )
}

/** Kleene's logic as an order: false 0, unknown 1, true 2; AND is the least, OR the greatest. */
function oracle(tree: Logic, values: readonly (boolean | null)[]): number {
  if (tree.type === 'leaf') return values[tree.leaf] === null ? 1 : values[tree.leaf] ? 2 : 0
  if (tree.type === 'not') return 2 - oracle(tree.of, values)
  const of = tree.of.map((one) => oracle(one, values))
  return tree.type === 'and' ? Math.min(...of) : Math.max(...of)
}

const fromOrder = (order: number): boolean | null => [false, null, true][order]!
