import assert from 'node:assert/strict'
import fc from 'fast-check'
import { allPhases, phasesOf, textOf } from '../../../platform/network/model/phases.ts'
import {
  piecesOf,
  type Claim,
  type EvidenceRules,
  type MeterEvent,
  type SupplyCorrection,
  type UnitEvidence,
} from './unit-outages.ts'

const minuteMs = 60_000
const rules: EvidenceRules = { toleranceMs: 10_000, meterAgainstModel: 'meter' }

/** Minutes, for ease of reading. */
const claim = (key: string, from: number, until: number | null, rest: Partial<Claim> = {}): Claim => ({
  ...{ key, from: from * minuteMs, until: until === null ? null : until * minuteMs, phases: allPhases },
  ...{ refutable: true, ...rest },
})
const lost = (at: number, phases = 'ABC'): MeterEvent => ({
  ...{ at: at * minuteMs, type: 'lost', phases: phasesOf(phases) },
})
const restored = (at: number, phases = 'ABC'): MeterEvent => ({ ...lost(at, phases), type: 'restored' })
const correction = (from: number, until: number | null, supplied: boolean): SupplyCorrection => ({
  ...{ key: 'X', from: from * minuteMs, until: until === null ? null : until * minuteMs, supplied },
})
const told = (
  claims: readonly Claim[],
  events: readonly MeterEvent[],
  rest: Partial<UnitEvidence> = {},
  ruling: Partial<EvidenceRules> = {},
) =>
  piecesOf({ phases: allPhases, claims, events, corrections: [], ...rest }, { ...rules, ...ruling }).map(
    ({ key, from, until }) => [key ?? 'meter', from / minuteMs, until === null ? null : until / minuteMs],
  )

describe('when a unit was without supply', () => {
  it('is what its meter says, where nobody else knows of it', () =>
    assert.deepEqual(told([], [lost(10), restored(40)]), [['meter', 10, 40]]))

  it('is open while the meter has not said more', () => assert.deepEqual(told([], [lost(10)]), [['meter', 10, null]]))

  it('is no time at all where the meter lost supply and had it back in one instant', () => {
    assert.deepEqual(told([], [lost(10), restored(10)]), [])
    assert.deepEqual(told([claim('sw', 0, 60)], [restored(5), lost(10), restored(10)]), [['sw', 0, 5]])
  })

  it('goes on where the meter had supply back, and lost it again in that instant', () => {
    assert.deepEqual(told([], [lost(10), lost(20), restored(20), restored(30)]), [['meter', 10, 30]])
    assert.deepEqual(told([claim('sw', 0, 60)], [restored(5), lost(5)]), [['sw', 0, 60]])
  })

  it('is one time where the meter loses supply twice', () =>
    assert.deepEqual(told([], [lost(10), lost(20), restored(40)]), [['meter', 10, 40]]))

  it('is not known where supply came back of which no loss is known', () =>
    assert.deepEqual(told([], [restored(40)]), []))

  it("is the switch's time, where the meter's differs by no more than clocks do", () =>
    assert.deepEqual(told([claim('sw', 10, 40)], [lost(10.1), restored(39.9)]), [['sw', 10, 40]]))

  it('ends when the meter has supply again, whatever the model says; or not, by choice', () => {
    const [claims, events] = [[claim('sw', 10, 40)], [restored(25)]]
    assert.deepEqual(told(claims, events), [['sw', 10, 25]])
    assert.deepEqual(told(claims, events, {}, { meterAgainstModel: 'model' }), [['sw', 10, 40]])
  })

  it('begins anew when the meter loses supply again while the model says out', () =>
    assert.deepEqual(told([claim('sw', 10, 40)], [restored(25), lost(30)]), [
      ['sw', 10, 25],
      ['sw', 30, 40],
    ]))

  it('goes on behind a switch that was closed, where the meter says so: two pieces without a gap', () =>
    assert.deepEqual(told([claim('sw', 10, 40)], [lost(10), restored(55)]), [
      ['sw', 10, 40],
      ['meter', 40, 55],
    ]))

  it('ends with the switch where the meter says nothing more', () =>
    assert.deepEqual(told([claim('sw', 10, 40)], [lost(12)]), [['sw', 10, 40]]))

  it('is not a day where a return was lost, and the next loss is of another switch', () =>
    assert.deepEqual(told([claim('one', 10, 40), claim('two', 900, 930)], [lost(10), lost(900), restored(930)]), [
      ['one', 10, 40],
      ['two', 900, 930],
    ]))

  it('stays with the first loss while it holds, and goes over to the next without a gap', () => {
    assert.deepEqual(told([claim('one', 10, 60), claim('two', 20, 40)], []), [['one', 10, 60]])
    assert.deepEqual(told([claim('one', 10, 30), claim('two', 20, 40)], []), [
      ['one', 10, 30],
      ['two', 30, 40],
    ])
    assert.deepEqual(told([claim('sw', 20, 40)], [lost(10), restored(50)]), [['meter', 10, 50]])
  })

  it('is when any of its phases is without, and says which', () => {
    const evidence = { claims: [], corrections: [], phases: phasesOf('AB') }
    const events = [
      lost(10, 'A'),
      lost(20, 'B'),
      restored(30, 'A'),
      restored(40, 'B'),
      lost(50, 'C'),
      restored(60, 'C'),
    ]
    const [piece, ...others] = piecesOf({ ...evidence, events }, rules)
    assert.deepEqual([piece!.from, piece!.until, textOf(piece!.phases)], [10 * minuteMs, 40 * minuteMs, 'AB'])
    assert.deepEqual(others, [])
    assert.deepEqual(told([claim('sw', 10, 40, { phases: phasesOf('C') })], [], { phases: phasesOf('AB') }), [])
  })

  it('is not refuted by the meter where a person has said until when', () =>
    assert.deepEqual(told([claim('entry', 10, 40, { refutable: false })], [restored(25)]), [['entry', 10, 40]]))

  it('is as was decided, against all evidence', () => {
    const [claims, events] = [[claim('X', 10, 40)], [lost(10), restored(40)]]
    assert.deepEqual(told(claims, events, { corrections: [correction(30, null, true)] }), [['X', 10, 30]])
    assert.deepEqual(told(claims, events, { corrections: [correction(5, 10, false)] }), [['X', 5, 40]])
    assert.deepEqual(told(claims, events, { corrections: [correction(20, 25, true)] }), [
      ['X', 10, 20],
      ['X', 25, 40],
    ])
    assert.deepEqual(told(claims, events, { corrections: [correction(0, null, true)] }), [])
  })
})

const instants = fc.integer({ min: 0, max: 200 })
const somePhases = fc.integer({ min: 1, max: 7 })
const claims = fc.array(
  fc
    .record({ from: instants, lastsFor: fc.option(fc.integer({ min: 1, max: 90 })), phases: somePhases })
    .map(({ from, lastsFor, phases }) =>
      claim(`sw@${from}`, from, lastsFor === null ? null : from + lastsFor, { phases }),
    ),
  { maxLength: 5 },
)
const events = fc.array(
  fc
    .record({ at: instants, type: fc.constantFrom('lost' as const, 'restored' as const), phases: somePhases })
    .map(({ at, type, phases }) => ({ at: at * minuteMs, type, phases })),
  { maxLength: 12 },
)
const evidence = fc.record({ phases: somePhases, claims, events, corrections: fc.constant([]) })

describe("a unit's pieces (properties)", () => {
  it('do not depend on the order in which evidence came, nor on what came twice', () =>
    fc.assert(
      fc.property(evidence, fc.integer(), (given, seed) => {
        const turned = <T>(list: readonly T[]): T[] => {
          const shift = Math.abs(seed) % Math.max(1, list.length)
          return [...list.slice(shift), ...list.slice(0, shift), ...list].toReversed()
        }
        const other = { ...given, claims: turned(given.claims), events: turned(given.events) }
        assert.deepEqual(piecesOf(other, rules), piecesOf(given, rules))
      }),
    ))

  it('do not overlap, and have a length', () =>
    fc.assert(
      fc.property(evidence, (given) => {
        const pieces = piecesOf(given, rules)
        for (const [index, { from, until }] of pieces.entries()) {
          assert.ok(until === null || until > from)
          const next = pieces[index + 1]
          if (next) assert.ok(until !== null && until <= next.from)
        }
      }),
    ))

  it('are together the union of the claims, where no meter speaks', () =>
    fc.assert(
      fc.property(evidence, (given) => {
        const pieces = piecesOf({ ...given, events: [] }, rules)
        const covers = (list: readonly { from: number; until: number | null }[], at: number): boolean =>
          list.some(({ from, until }) => from <= at && at < (until ?? Infinity))
        for (let minute = 0; minute < 300; minute++) {
          const at = (minute + 0.5) * minuteMs
          const relevant = given.claims.filter(({ phases }) => (phases & given.phases) !== 0)
          assert.equal(covers(pieces, at), covers(relevant, at), `minute ${minute}`)
        }
      }),
      { numRuns: 50 },
    ))

  it('are the same with and without what a meter says that agrees with the switches', () =>
    fc.assert(
      fc.property(claims, fc.integer({ min: -150, max: 150 }), (given, tenths) => {
        const whole = given
          .map((one) => ({ ...one, phases: allPhases }))
          .filter(({ from, until }, index, all) =>
            all.slice(0, index).every((other) => Math.abs(other.from - from) > minuteMs && other.until !== until),
          )
        const jitterMs = tenths * 66
        const agreeing = whole.flatMap(({ from, until }) => [
          { at: from + jitterMs, type: 'lost' as const, phases: allPhases },
          ...(until === null ? [] : [{ at: until + jitterMs, type: 'restored' as const, phases: allPhases }]),
        ])
        const alone = whole.filter((one) =>
          whole.every(
            (other) =>
              other === one ||
              (other.until ?? Infinity) + minuteMs < one.from ||
              other.from > (one.until ?? Infinity) + minuteMs,
          ),
        )
        if (alone.length < whole.length) return
        const unit = { phases: allPhases, claims: whole, corrections: [] }
        assert.deepEqual(piecesOf({ ...unit, events: agreeing }, rules), piecesOf({ ...unit, events: [] }, rules))
      }),
    ))
})
