import assert from 'node:assert/strict'
import fc from 'fast-check'
import { breakableLimits, breakOf, costCents, countedMonth, type OutageUnit } from './outlook.ts'
import { leastMs, type CourseChoices, type OutageCase } from './outage-course.ts'
import { day, hourMs, months, outageCourse, outageUnit, start, type UnitSettings } from './outlook.fixture.ts'

const after = (hours: number): number => start + Math.round(hours * hourMs)
const monthEnd = months[0]!.until

describe('what an outage costs a unit, BT, DIC 8 h, VRC 60', () => {
  const cost = (hours: number, unit: OutageUnit = outageUnit(), course = outageCourse()) =>
    costCents(unit, course, after(hours)) / 100

  for (const [hours, brl] of [
    [1, 0],
    [8, 0],
    [8.0001, 22.35],
    [9, 25.15],
    [10, 27.94],
    [20, 55.89],
    [386.4, 1_079.8],
    [387, 1_080],
    [450, 1_080],
  ] as const)
    it(`R$ ${brl} after ${hours} h`, () => assert.equal(cost(hours), brl))

  it('starts from what the month had come to', () => {
    const unit = outageUnit({ before: { dicMs: 7 * hourMs } })
    assert.deepEqual([cost(1, unit), cost(1.0001, unit), cost(2, unit)], [0, 22.35, 25.15])
  })

  it('counts only what it adds where the limit was broken before', () =>
    assert.equal(cost(1, outageUnit({ before: { dicMs: 10 * hourMs } })), 2.79))

  it('is nothing below three minutes, and one interruption of FIC from then on', () => {
    const unit = outageUnit({ limits: { fic: 5, dicH: 8 }, before: { fic: 5 } })
    assert.deepEqual(
      [costCents(unit, outageCourse(), start + leastMs - 1), costCents(unit, outageCourse(), start + leastMs)],
      [0, 2_682],
    )
  })

  it('pays the greatest of DIC, FIC and DMIC', () => {
    const unit = outageUnit({ limits: { dicH: 8, fic: 5, dmicH: 6 }, before: { dicMs: 3 * hourMs, fic: 5, dmicMs: 0 } })
    assert.equal(cost(7, unit), 27.94)
  })

  it('is DICRI on a critical day, DISE in an emergency, beside what the month had', () => {
    const unit = outageUnit({ before: { dicMs: 10 * hourMs } })
    assert.deepEqual(
      [cost(8, unit, outageCourse('criticalDay')), cost(20, unit, outageCourse('criticalDay'))],
      [0, 23.01],
    )
    assert.deepEqual([cost(24, unit, outageCourse('emergency')), cost(30, unit, outageCourse('emergency'))], [0, 34.52])
  })

  it('is not known without limits or monetary base', () =>
    assert.equal(cost(100, { ...outageUnit(), terms: () => null }), 0))
})

describe('an outage that goes on over the end of the month', () => {
  const from = monthEnd - 5 * hourMs
  const at = (hours: number, crossing: CourseChoices['continuity-month-crossing']) => {
    const course = outageCourse('ordinary', { from, choices: { 'continuity-month-crossing': crossing } })
    return costCents(outageUnit({ before: { dicMs: 4 * hourMs } }), course, from + hours * hourMs) / 100
  }
  it('is divided', () => assert.deepEqual([at(5, 'split'), at(12, 'split'), at(14, 'split')], [25.15, 25.15, 50.3]))
  it('is of the month in which it began', () => assert.equal(at(14, 'start-month'), 50.3))
  it('is of the month in which it ends', () =>
    assert.deepEqual([at(4.5, 'end-month'), at(14, 'end-month')], [23.75, 39.12]))
})

describe('when an outage breaks limits', () => {
  const breaks = (settings: UnitSettings, course = outageCourse()) =>
    Object.fromEntries(
      breakableLimits.flatMap((limit) => {
        const at = breakOf(outageUnit(settings), course, limit)
        return at === undefined ? [] : [[limit, (at - start) / hourMs]]
      }),
    )
  it('each by what is left of it', () =>
    assert.deepEqual(
      breaks({ limits: { dicH: 8, fic: 5, dmicH: 6 }, before: { dicMs: 3 * hourMs, fic: 5, dmicMs: hourMs } }),
      { DIC: 5, FIC: 0.05, DMIC: 6 },
    ))
  it('not those that were broken before', () =>
    assert.deepEqual(
      breaks({ limits: { dicH: 8, fic: 5, dmicH: 6 }, before: { dicMs: 9 * hourMs, fic: 6, dmicMs: 7 * hourMs } }),
      {
        // Next month begins with nothing.
        ...{ DIC: (monthEnd - start) / hourMs + 8, DMIC: (monthEnd - start) / hourMs + 6 },
      },
    ))
  it('DMIC of what was announced only after its window', () =>
    assert.equal(breaks({ limits: { dmicH: 6 } }, outageCourse('ordinary', { announcedUntil: after(10) })).DMIC, 10))
  it('DICRI and DISE by the event', () => {
    assert.deepEqual(breaks({}, outageCourse('criticalDay')), { DICRI: 8 })
    assert.deepEqual(breaks({}, outageCourse('emergency')), { DISE: 24 })
  })
  it('DICRI within the critical day only, where the day divides it', () => {
    const course = outageCourse('criticalDay', { choices: { 'continuity-critical-day-crossing': 'split' } })
    const { DICRI, DIC } = breaks({ limits: { dicriH: 15, dicH: 8 } }, course)
    assert.deepEqual([DICRI, DIC], [undefined, (day.until - start) / hourMs + 8])
  })
})

const anyUnit = fc.record({
  voltageClass: fc.constantFrom('BT', 'MT', 'AT'),
  vrcBrl: fc.double({ min: 0, max: 5_000, noNaN: true }),
  limits: fc.record({
    dicH: fc.integer({ min: 1, max: 40 }),
    fic: fc.integer({ min: 1, max: 12 }),
    dmicH: fc.integer({ min: 1, max: 30 }),
    dicriH: fc.option(fc.integer({ min: 1, max: 24 })),
    diseH: fc.option(fc.integer({ min: 1, max: 48 })),
  }),
  before: fc.record({
    dicMs: fc.integer({ min: 0, max: 60 * hourMs }),
    fic: fc.integer({ min: 0, max: 15 }),
    dmicMs: fc.integer({ min: 0, max: 40 * hourMs }),
  }),
}) as fc.Arbitrary<UnitSettings>
const anyCase = fc.constantFrom<OutageCase>('ordinary', 'criticalDay', 'emergency')
const anyChoices = fc.record({
  'continuity-month-crossing': fc.constantFrom('split', 'start-month', 'end-month'),
  'continuity-event-month-crossing': fc.constantFrom('split', 'start-month', 'end-month'),
  'continuity-critical-day-crossing': fc.constantFrom('start', 'split'),
}) as fc.Arbitrary<CourseChoices>

describe('the outlook of any outage (properties)', () => {
  it('costs never less the later it ends, unless its month is that of its end', () =>
    fc.assert(
      fc.property(
        ...[anyUnit, anyCase, anyChoices, fc.nat(400 * hourMs), fc.nat(400 * hourMs)],
        (settings, outageCase, choices, first, further) => {
          fc.pre(!Object.values(choices).includes('end-month'))
          const [unit, course] = [outageUnit(settings), outageCourse(outageCase, { choices })]
          const [sooner, later] = [
            costCents(unit, course, start + first),
            costCents(unit, course, start + first + further),
          ]
          assert.ok(sooner >= 0 && later >= sooner, `${sooner} then ${later}`)
        },
      ),
    ))

  it('breaks a limit just after the instant that it names, and not before', () =>
    fc.assert(
      fc.property(...[anyUnit, anyCase, anyChoices], (settings, outageCase, choices) => {
        const [unit, course] = [outageUnit(settings), outageCourse(outageCase, { choices })]
        const isBroken = (limit: (typeof breakableLimits)[number], end: number): boolean =>
          course.months.some((month) => {
            const terms = unit.terms(month.month)!
            const before = unit.before(month.month)
            const { indicators, dicriMs, diseMs } = countedMonth(before, course, month, end)
            const { dicMs, fic, dmicMs } = indicators
            if (limit === 'DIC') return dicMs > terms.dicLimitMs && before.dicMs <= terms.dicLimitMs
            if (limit === 'DMIC') return dmicMs > terms.dmicLimitMs && before.dmicMs <= terms.dmicLimitMs
            if (limit === 'FIC') return fic > terms.fic && before.fic <= terms.fic
            return limit === 'DICRI' ? dicriMs > terms.dicriLimitMs : diseMs > terms.diseLimitMs
          })
        for (const limit of breakableLimits) {
          const at = breakOf(unit, course, limit)
          if (at === undefined) assert.equal(isBroken(limit, start + 600 * hourMs), false, `${limit} breaks unforeseen`)
          else {
            assert.equal(isBroken(limit, at + 1), true, `${limit} does not break`)
            assert.equal(isBroken(limit, at - 1), false, `${limit} breaks before`)
          }
        }
      }),
    ))
})
