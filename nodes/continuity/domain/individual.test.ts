import assert from 'node:assert/strict'
import fc from 'fast-check'
import { hourMs, interruption, known, march, piece, rules } from './counting.fixture.ts'
import { countedIn, unitMonthOf } from './individual.ts'
import type { InterruptionFacts, UnitOutage } from './interruption.ts'
import { outageParts, type CountingRules } from './outage-parts.ts'
import { comparableParcels } from './parcels.ts'

const marchHours = (march.until - march.from) / hourMs
const day = (number: number) => ({
  from: march.from + (number - 1) * 24 * hourMs,
  until: march.from + number * 24 * hourMs,
})
const monthOf = (
  pieces: readonly UnitOutage[],
  facts: ReadonlyMap<number, InterruptionFacts>,
  by: CountingRules = rules(),
) => unitMonthOf('unit-1', outageParts('unit-1', pieces, facts, by), by)
const hours = ({ dicMs, fic, dmicMs }: ReturnType<typeof monthOf>) => [dicMs / hourMs, fic, dmicMs / hourMs]
const emergency = { exclusions: [{ reason: 'emergency' as const, unitId: null }] }

describe('a month of one unit', () => {
  it('adds durations, counts occurrences and keeps the longest', () => {
    const pieces = [piece(1, 0, 2), piece(2, 10, 10.05), piece(3, 20, 21.5)]
    assert.deepEqual(hours(monthOf(pieces, known(interruption(1), interruption(2), interruption(3)))), [3.55, 3, 2])
  })

  it('takes interruptions that follow each other for one in FIC and DMIC', () => {
    const month = monthOf([piece(1, 0, 2), piece(2, 2, 3)], known(interruption(1), interruption(2)))
    assert.deepEqual(hours(month), [3, 1, 3])
  })

  it('leaves out what is known of no more', () => {
    assert.deepEqual(hours(monthOf([piece(1, 0, 2), piece(2, 5, 6)], known(interruption(2)))), [1, 1, 1])
  })

  it('counts an announced programmed interruption in DIC and FIC, not in DMIC', () => {
    const announced = { from: march.from, until: march.from + 4 * hourMs, warnedAt: march.from - 72 * hourMs }
    const programmed = { programmed: true, announced }
    assert.deepEqual(hours(monthOf([piece(1, 0, 3)], known(interruption(1, programmed)))), [3, 1, 0])
    const outlasting = monthOf([piece(1, 0, 4.01)], known(interruption(1, programmed)))
    assert.equal(outlasting.dmicMs / hourMs, 4.01)
    const late = { ...announced, warnedAt: march.from - 71 * hourMs }
    assert.deepEqual(
      hours(monthOf([piece(1, 0, 3)], known(interruption(1, { programmed: true, announced: late })))),
      [3, 1, 3],
    )
  })

  it('takes critical days and emergencies out, event by event', () => {
    const facts = known(interruption(1), interruption(2, emergency), interruption(3))
    const month = monthOf(
      [piece(1, 1, 21), piece(2, 30, 60), piece(3, 80, 81)],
      facts,
      rules({}, { criticalDays: [day(1)] }),
    )
    assert.deepEqual(hours(month), [1, 1, 1])
    assert.deepEqual(month.dicri, [{ interruptionId: 1, ms: 20 * hourMs }])
    assert.deepEqual(month.dise, [{ interruptionId: 2, ms: 30 * hourMs }])
    assert.deepEqual(month.parcels, {
      ...{ INC: { ms: 20 * hourMs, count: 1 }, INE: { ms: 30 * hourMs, count: 1 }, IND: { ms: hourMs, count: 1 } },
    })
  })

  it('has no DICRI and no DISE in high voltage (item 181)', () => {
    const facts = known(interruption(1), interruption(2, emergency))
    const by = rules({}, { criticalDays: [day(1)], highVoltage: true })
    const { dicri, dise, parcels } = monthOf([piece(1, 1, 21), piece(2, 30, 60)], facts, by)
    assert.deepEqual([dicri, dise, Object.keys(parcels)], [[], [], ['INC', 'INE']])
  })

  it('says which of emergency and critical day goes first by an option', () => {
    const by = { criticalDays: [day(1)] }
    const facts = known(interruption(1, emergency))
    assert.deepEqual(Object.keys(monthOf([piece(1, 1, 2)], facts, rules({}, by)).parcels), ['INE'])
    const choices = { 'continuity-emergency-on-critical-day': 'critical-day' } as const
    assert.deepEqual(Object.keys(monthOf([piece(1, 1, 2)], facts, rules(choices, by)).parcels), ['INC'])
  })

  it('leaves programmed interruptions out of DICRI where the option says so', () => {
    const facts = known(interruption(1, { programmed: true }))
    const by = { criticalDays: [day(1)] }
    assert.equal(monthOf([piece(1, 1, 2)], facts, rules({}, by)).dicri.length, 1)
    const choices = { 'continuity-dicri-programmed': 'left-out' } as const
    assert.equal(monthOf([piece(1, 1, 2)], facts, rules(choices, by)).dicri.length, 0)
  })

  it('adds what is of one root to one event where the option says so', () => {
    const facts = known(interruption(1, emergency), interruption(2, { ...emergency, eventId: 1 }))
    const pieces = [piece(1, 1, 2), piece(2, 5, 8)]
    assert.equal(monthOf(pieces, facts).dise.length, 2)
    const together = monthOf(pieces, facts, rules({ 'continuity-event-duration': 'root-together' }))
    assert.deepEqual(together.dise, [{ interruptionId: 1, ms: 4 * hourMs }])
  })

  describe('at the end of the month', () => {
    const facts = known(interruption(1))
    const [before, after] = [[piece(1, -3, 2)], [piece(1, marchHours - 4, marchHours + 1)]]
    for (const [choice, first, last] of [
      ['split', [2, 0, 2], [4, 1, 4]],
      ['start-month', [0, 0, 0], [5, 1, 5]],
      ['end-month', [5, 1, 5], [0, 0, 0]],
    ] as const)
      it(`${choice}: an outage is counted where the option says`, () => {
        const by = rules({ 'continuity-month-crossing': choice })
        assert.deepEqual(hours(monthOf(before, facts, by)), first)
        assert.deepEqual(hours(monthOf(after, facts, by)), last)
      })

    it('an event stays whole, in the month in which it began, or as the option says', () => {
      const facts = known(interruption(1, emergency))
      assert.deepEqual(monthOf(before, facts).dise, [])
      assert.deepEqual(monthOf(after, facts).dise, [{ interruptionId: 1, ms: 5 * hourMs }])
      const split = rules({ 'continuity-event-month-crossing': 'split' })
      assert.deepEqual(monthOf(before, facts, split).dise, [{ interruptionId: 1, ms: 2 * hourMs }])
      const end = rules({ 'continuity-event-month-crossing': 'end-month' })
      assert.deepEqual(monthOf(before, facts, end).dise, [{ interruptionId: 1, ms: 5 * hourMs }])
      assert.deepEqual(monthOf(after, facts, end).dise, [])
    })

    it('two minutes before and two after it are four, and count', () => {
      const month = monthOf([piece(1, -1 / 30, 1 / 30)], facts)
      assert.deepEqual([month.dicMs, month.fic], [120_000, 0])
    })
  })

  describe('into and out of a critical day', () => {
    const facts = known(interruption(1))
    const days = { criticalDays: [day(2)] }
    const parcelsOf = (pieces: readonly UnitOutage[], by: CountingRules) => {
      const { parcels } = monthOf(pieces, facts, by)
      return Object.fromEntries(Object.entries(parcels).map(([name, { ms, count }]) => [name, [ms / hourMs, count]]))
    }
    it('an outage is of the day on which it began', () => {
      assert.deepEqual(parcelsOf([piece(1, 22, 27)], rules({}, days)), { IND: [5, 1] })
      assert.deepEqual(parcelsOf([piece(1, 46, 53)], rules({}, days)), { INC: [7, 1] })
    })
    it('or is cut where the option says so', () => {
      const by = rules({ 'continuity-critical-day-crossing': 'split' }, days)
      assert.deepEqual(parcelsOf([piece(1, 22, 27)], by), { IND: [2, 1], INC: [3, 1] })
      assert.deepEqual(parcelsOf([piece(1, 20, 50)], by), { IND: [6, 1], INC: [24, 1] })
    })
  })

  const choices = fc.record({
    'continuity-month-crossing': fc.constantFrom('split', 'start-month', 'end-month'),
    'continuity-critical-day-crossing': fc.constantFrom('start', 'split'),
    'continuity-short-outages': fc.constantFrom('contiguous-whole', 'each-piece'),
    'continuity-restored-briefly': fc.constantFrom('separate', 'joined'),
  }) as fc.Arbitrary<CountingRules['choices']>
  const someFacts = fc
    .array(
      fc.record({
        origin: fc.constantFrom('internal' as const, 'external' as const),
        programmed: fc.boolean(),
        eventId: fc.integer({ min: 1, max: 3 }),
        exclusions: fc.constantFrom<InterruptionFacts['exclusions']>([], [], emergency.exclusions, [
          { reason: 'suspension', unitId: 'unit-1' },
        ]),
      }),
      { minLength: 6, maxLength: 6 },
    )
    .map((all) => known(...all.map((facts, index) => interruption(index + 1, facts))))
  const somePieces = fc
    .array(
      fc.tuple(fc.integer({ min: -100, max: 1_000 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 6 })),
      {
        maxLength: 10,
      },
    )
    .map((all) => all.map(([from, long, id]) => piece(id, from, from + long / 10)))

  it('has a DIC that is the sum of its parts, and no occurrence without one (property)', () => {
    fc.assert(
      fc.property(somePieces, someFacts, choices, (pieces, facts, choice) => {
        const by = rules(choice, { criticalDays: [day(3), day(4), day(20)] })
        const parts = outageParts('unit-1', pieces, facts, by)
        const month = unitMonthOf('unit-1', parts, by)
        const comparable = countedIn(parts, by).filter(({ parcel }) => comparableParcels.includes(parcel))
        assert.equal(
          month.dicMs,
          comparable.reduce((sum, { durationMs }) => sum + durationMs, 0),
        )
        assert.equal(month.fic, comparable.filter(({ counts }) => counts).length)
        assert.ok(month.dmicMs <= month.dicMs)
        assert.ok(month.fic === 0 || month.dicMs > 0)
      }),
    )
  })

  it('is the same whatever comes first or twice (property)', () => {
    fc.assert(
      fc.property(somePieces, someFacts, choices, (pieces, facts, choice) => {
        const by = rules(choice, { criticalDays: [day(3), day(20)] })
        assert.deepEqual(monthOf([...pieces, ...pieces].reverse(), facts, by), monthOf(pieces, facts, by))
      }),
    )
  })

  it('over three months in a row loses nothing and counts nothing twice (property)', () => {
    const inMonths = [
      { from: march.from - 500 * hourMs, until: march.from },
      march,
      { from: march.until, until: march.until + 900 * hourMs },
    ]
    fc.assert(
      fc.property(somePieces, someFacts, choices, (pieces, facts, choice) => {
        const months = inMonths.map((month) => monthOf(pieces, facts, rules(choice, { month, criticalDays: [day(1)] })))
        const forever = rules(choice, { month: { from: -Infinity, until: Infinity }, criticalDays: [day(1)] })
        const whole = monthOf(pieces, facts, forever)
        assert.equal(
          months.reduce((sum, { dicMs }) => sum + dicMs, 0),
          whole.dicMs,
        )
        assert.equal(
          months.reduce((sum, { fic }) => sum + fic, 0),
          whole.fic,
        )
        assert.deepEqual(
          months.flatMap(({ dise }) => dise),
          whole.dise,
        )
      }),
    )
  })
})
