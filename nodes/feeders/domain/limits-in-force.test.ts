import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FeederLimit } from './allocation/problem.ts'
import {
  limitsInForce,
  limitUnits,
  type FeederPlace,
  type GivenLimit,
  type HeadCircuit,
  type SetLimit,
  type Span,
} from './limits-in-force.ts'

const at = 1_000_000
const feeder = (feederId: string, more: Partial<FeederPlace> = {}): FeederPlace => ({
  ...{ feederId, parentFeederId: null, limitKw: null, nominalVoltageV: null, headMeterId: null },
  ...more,
})
const set = (more: Partial<SetLimit> = {}): SetLimit => ({
  ...{ limitId: 1, feederId: 'f-1', line: 'total', direction: 'import', value: 50, unit: 'kw' },
  ...{ validFrom: 0, validUntil: null, schedule: null },
  ...more,
})
const none = { defaultLimitKw: null, globalLimitKw: null }

function inForce(
  limits: readonly SetLimit[],
  {
    feeders = [feeder('f-1')],
    given = [],
    head,
    settings = none,
    window,
  }: {
    feeders?: readonly FeederPlace[]
    given?: readonly GivenLimit[]
    head?: HeadCircuit
    settings?: typeof none | { defaultLimitKw: number | null; globalLimitKw: number | null }
    window?: Span
  } = {},
) {
  const heads = new Map(head ? [['f-1', head]] : [])
  return limitsInForce(at, feeders, limits, given, heads, settings, () => window)
}
const shown = (limits: readonly FeederLimit[] | undefined) =>
  limits!.map(({ line, direction, limitKw, source, expiresAt }) =>
    [line, direction, Math.round(limitKw * 1_000) / 1_000, source, expiresAt].join(' '),
  )
const of = (...question: Parameters<typeof inForce>) => shown(inForce(...question).byFeeder.get('f-1'))

describe('limits in force', () => {
  it('are what the registry says, both ways, else the default; of a root the global one too', () => {
    const feeders = [
      feeder('f-1', { limitKw: 80 }),
      feeder('f-2', { parentFeederId: 'f-1' }),
      feeder('f-3', { parentFeederId: 'f-1', limitKw: 0 }),
    ]
    const { byFeeder } = inForce([], { feeders, settings: { defaultLimitKw: 30, globalLimitKw: 100 } })
    assert.deepEqual(
      [...byFeeder].map(([feederId, limits]) => [feederId, shown(limits)]),
      [
        [
          'f-1',
          [
            'total import 80 registry ',
            'total export 80 registry ',
            'total import 100 global ',
            'total export 100 global ',
          ],
        ],
        ['f-2', ['total import 30 default ', 'total export 30 default ']],
        ['f-3', ['total import 0 registry ', 'total export 0 registry ']],
      ],
    )
    assert.deepEqual([...inForce([]).byFeeder], [['f-1', []]])
  })

  it('are set from an instant on and before another, and change then', () => {
    assert.deepEqual(of([set({ validUntil: at + 5 })]), [`total import 50 limit:1 ${at + 5}`])
    assert.deepEqual(of([set({ validUntil: at })]), [])
    assert.deepEqual(of([set({ validFrom: at + 1 })]), [])
    const { changesAt } = inForce([set({ validUntil: at + 9 }), set({ validFrom: at + 7 }), set({ validUntil: at })])
    assert.equal(changesAt, at + 7)
    assert.equal(inForce([set()]).changesAt, null)
  })

  it('are in force in the windows of their schedule, each until its window or they end', () => {
    const schedule = { days: [1], from: '18:00', until: '21:00', timeZone: null }
    const within = (from: number, until: number) =>
      inForce([set({ schedule, validUntil: at + 100 })], { window: { from, until } })
    assert.deepEqual(shown(within(at - 10, at + 10).byFeeder.get('f-1')), [`total import 50 schedule:1 ${at + 10}`])
    assert.deepEqual(shown(within(at - 10, at + 200).byFeeder.get('f-1')), [`total import 50 schedule:1 ${at + 100}`])
    const later = within(at + 10, at + 20)
    assert.deepEqual([shown(later.byFeeder.get('f-1')), later.changesAt], [[], at + 10])
    assert.equal(within(at + 150, at + 160).changesAt, null)
    assert.deepEqual(of([set({ schedule })]), [])
  })

  it('are given by events, for feeders that there are', () => {
    const given = [
      { feederId: 'f-1', limitKw: 20, source: 'event:7', expiresAt: at + 60 },
      { feederId: 'f-1', limitKw: 5, source: 'snapback:6', expiresAt: at },
      { feederId: 'f-9', limitKw: 5, source: 'event:8', expiresAt: null },
    ]
    const { byFeeder, changesAt } = inForce([], { given })
    assert.deepEqual([...byFeeder.keys()], ['f-1'])
    assert.deepEqual([shown(byFeeder.get('f-1')), changesAt], [[`total import 20 event:7 ${at + 60}`], at + 60])
  })

  describe('in kVA', () => {
    const limit = [set({ unit: 'kva', value: 100 })]
    const head = (reactiveKvar: number | null, isLost = false): HeadCircuit => ({
      isLost,
      voltageV: { A: null, B: null, C: null },
      reactiveKvar: { total: reactiveKvar, A: null, B: null, C: null },
    })
    for (const [what, circuit, kw] of [
      ['leave active power by the reference power factor where nobody measures', undefined, 92],
      ['leave what the reactive power leaves that the head measures', head(60), 80],
      ['leave it where that is generated, too', head(-60), 80],
      ['leave nothing to a feeder full of reactive power', head(101), 0],
      ['leave the least of both where the head is lost: it measured more', head(10, true), 92],
      ['leave the least of both where the head is lost: it measured less', head(60, true), 80],
      ['take a head that measures none for none', head(null), 92],
    ] as const)
      it(what, () =>
        assert.deepEqual(of(limit, { ...(circuit && { head: circuit }) }), [`total import ${kw} limit:1 `]),
      )
  })

  describe('in amperes', () => {
    const limit = set({ unit: 'a', value: 100, line: 'B' })
    it('are of a phase, by the nominal voltage, or the least there is where nobody says', () => {
      const at220 = { feeders: [feeder('f-1', { nominalVoltageV: 220 })] }
      assert.deepEqual(of([limit], at220), ['B import 20.24 limit:1 '])
      assert.deepEqual(of([limit]), ['B import 11.684 limit:1 '])
    })

    it('are of each phase where the line is total', () =>
      assert.deepEqual(of([{ ...limit, line: 'total' }]), [
        ...['A import 11.684 limit:1 ', 'B import 11.684 limit:1 ', 'C import 11.684 limit:1 '],
      ]))

    it('leave less where the voltage is low, and no more where it is high', () => {
      const head = (volts: number): HeadCircuit => ({
        isLost: false,
        voltageV: { A: null, B: volts, C: null },
        reactiveKvar: { total: 0, A: 0, B: 0, C: 0 },
      })
      assert.deepEqual(of([limit], { head: head(110) }), ['B import 11 limit:1 '])
      assert.deepEqual(of([limit], { head: head(140) }), ['B import 12.7 limit:1 '])
    })
  })

  it('never become more by losing the head (property)', () => {
    const kvar = fc.option(fc.double({ min: -500, max: 500, noNaN: true }))
    const volts = fc.option(fc.double({ min: 80, max: 160, noNaN: true }))
    fc.assert(
      fc.property(
        ...([
          fc.constantFrom(...limitUnits),
          fc.constantFrom('total', 'A', 'B', 'C'),
          fc.double({ min: 0, max: 1_000, noNaN: true }),
          kvar,
          volts,
        ] as const),
        (unit, line, value, q, v) => {
          const head = (isLost: boolean): HeadCircuit => ({
            isLost,
            voltageV: { A: v, B: v, C: v },
            reactiveKvar: { total: q, A: q, B: q, C: q },
          })
          const [heard, lost] = [false, true].map((isLost) =>
            inForce([set({ unit, line: line as SetLimit['line'], value })], { head: head(isLost) }).byFeeder.get(
              'f-1',
            )!,
          )
          for (const [index, { limitKw }] of lost!.entries()) assert.ok(limitKw <= heard![index]!.limitKw)
        },
      ),
    )
  })
})
