import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  deadlinesOf,
  dueMonths,
  expectedEusdMonth,
  firstDeadline,
  monthOf,
  nextDue,
  nextMonth,
  violationEnd,
  violationsOf,
  type Calendar,
  type MeasuredResult,
  type ViolationChoices,
} from './regularisation.ts'

const dayMs = 86_400_000
const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10)
/** Days of UTC: what zones do to them is the calendar's business. */
const calendar: Calendar = {
  startOf: (day) => Date.parse(`${day}T00:00:00Z`),
  dayOf: utcDay,
  shift: (day, days) => utcDay(Date.parse(`${day}T00:00:00Z`) + days * dayMs),
}
const usual: ViolationChoices = {
  'voltage-k2-high-voltage': 3,
  'voltage-eusd-month': 'measurement-end',
  'voltage-compensation-begins': 'measurement-month',
  'voltage-violation-ends': 'compliant-measurement',
  'voltage-last-month': 'whole',
  'voltage-compensated-units': 'measured',
  'voltage-regularisation-days-drp': 90,
  'voltage-regularisation-days-drc': 15,
}
const at = (day: string): number => Date.parse(`${day}T12:00:00Z`)
let ids = 0
/** A measurement of seven days that ended at noon of a day. */
const measured = (endDay: string, violated: '' | 'drp' | 'drc' | 'both'): MeasuredResult => ({
  ...{ measurementId: ++ids, version: 1, startedAt: at(endDay) - 7 * dayMs, endedAt: at(endDay), referenceV: 220 },
  ...{
    drpPct: violated === 'drp' || violated === 'both' ? 4 : 1,
    drcPct: violated === 'drc' || violated === 'both' ? 1 : 0,
  },
  ...{ drpViolated: violated === 'drp' || violated === 'both', drcViolated: violated === 'drc' || violated === 'both' },
})

describe('the violations of a unit', () => {
  const [one, two, good, bad] = [
    measured('2026-03-10', 'drp'),
    measured('2026-04-10', 'both'),
    measured('2026-06-01', ''),
    measured('2026-09-01', 'drc'),
  ]

  it('last from the measurement that finds one to the one that complies', () => {
    assert.deepEqual(violationsOf([one, two, good, bad]), [
      { opening: one, violating: [one, two], closing: good },
      { opening: bad, violating: [bad] },
    ])
    assert.deepEqual(violationsOf([good]), [])
  })

  it('are the same in whatever order measurements are told; at most the last one lasts (property)', () => {
    const some = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom('' as const, 'drp' as const, 'drc' as const)),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (given, random) => {
        const results = given.map(([days, violated]) => measured(utcDay(days * dayMs), violated))
        const shuffled = results
          .map((result) => [random.next().value!, result] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, result]) => result)
        const violations = violationsOf(results)
        assert.deepEqual(violationsOf(shuffled), violations)
        assert.ok(violations.slice(0, -1).every(({ closing }) => closing))
        assert.equal(
          violations.flatMap(({ violating }) => violating).length,
          given.filter(([, violated]) => violated).length,
        )
      }),
    )
  })
})

describe('deadlines', () => {
  it('are 15 days for DRC and 90 for DRP, from the end of the measurement', () => {
    assert.deepEqual(deadlinesOf(measured('2026-11-09', 'both'), usual, calendar), {
      drp: '2027-02-07',
      drc: '2026-11-24',
    })
    assert.deepEqual(deadlinesOf(measured('2026-11-09', 'drp'), usual, calendar), { drp: '2027-02-07', drc: null })
  })

  it('are as the options say', () =>
    assert.deepEqual(
      deadlinesOf(measured('2026-11-09', 'drc'), { ...usual, 'voltage-regularisation-days-drc': 1 }, calendar).drc,
      '2026-11-10',
    ))

  it('have a first one', () => {
    assert.equal(firstDeadline({ drp: '2027-02-07', drc: '2026-11-24' }), '2026-11-24')
    assert.equal(firstDeadline({ drp: '2027-02-07', drc: null }), '2027-02-07')
  })
})

describe('the end of a violation', () => {
  const [opening, closing] = [measured('2026-03-10', 'drp'), measured('2026-06-20', '')]
  const violation = { opening, violating: [opening], closing }
  const works = [at('2026-02-01'), at('2026-04-15'), at('2026-06-18')]

  it('is none while it lasts', () =>
    assert.equal(violationEnd({ opening, violating: [opening] }, works, usual), undefined))
  it('is the end of the measurement that complies', () =>
    assert.equal(violationEnd(violation, works, usual), at('2026-06-20')))
  it('is the last work before that measurement, where the option says so', () => {
    const choices = { ...usual, 'voltage-violation-ends': 'work-done' } as const
    assert.equal(violationEnd(violation, works, choices), at('2026-04-15'))
    assert.equal(violationEnd(violation, [], choices), at('2026-06-20'))
  })
})

describe('the month whose charge is expected to count', () => {
  const choices = fc.record({
    ...Object.fromEntries(Object.entries(usual).map(([key, value]) => [key, fc.constant(value)])),
    'voltage-eusd-month': fc.constantFrom('measurement-end', 'measurement-start', 'each-month'),
    'voltage-compensation-begins': fc.constantFrom('measurement-month', 'after-deadline'),
    'voltage-regularisation-days-drc': fc.integer({ min: 1, max: 200 }),
  }) as fc.Arbitrary<ViolationChoices>
  const days = fc.integer({ min: 0, max: 364 }).map((day) => utcDay(Date.UTC(2026, 0, 1) + day * dayMs))

  it('is the one that is booked by first (property)', () =>
    fc.assert(
      fc.property(days, choices, (endDay, of) => {
        const opening = measured(endDay, 'both')
        const [first] = dueMonths({ opening, violating: [opening] }, [], of, at('2029-01-01'), calendar)
        assert.equal(expectedEusdMonth(opening, false, of, calendar), first!.eusdMonth)
      }),
    ))

  it('is that of the measurement’s own month, where a violation lasts already and each month has its own', () => {
    const of = {
      ...usual,
      'voltage-eusd-month': 'each-month',
      'voltage-compensation-begins': 'after-deadline',
    } as const
    assert.equal(expectedEusdMonth(measured('2026-11-25', 'both'), false, of, calendar), '2026-12')
    assert.equal(expectedEusdMonth(measured('2026-11-25', 'both'), true, of, calendar), '2026-11')
  })
})

describe('months that are due', () => {
  const opening = measured('2026-11-09', 'drc')
  const closing = measured('2027-01-20', '')
  const lasting = { opening, violating: [opening] }
  const over = { ...lasting, closing }
  const months = (violation: typeof over | typeof lasting, choices: ViolationChoices, until: string) =>
    dueMonths(violation, [], choices, at(until), calendar).map(({ month }) => month)

  it('begin with the one of the measurement, at once; the others are due when they are over', () => {
    assert.deepEqual(months(lasting, usual, '2026-11-09'), ['2026-11'])
    assert.deepEqual(months(lasting, usual, '2026-12-31'), ['2026-11'])
    assert.deepEqual(months(lasting, usual, '2027-01-01'), ['2026-11', '2026-12'])
  })

  it('end with the one in which the violation ended', () => {
    assert.deepEqual(months(over, usual, '2027-01-20'), ['2026-11', '2026-12', '2027-01'])
    assert.deepEqual(months(over, usual, '2029-01-20'), ['2026-11', '2026-12', '2027-01'])
  })

  it('leave out the last one, or take its days, where the option says so', () => {
    assert.deepEqual(months(over, { ...usual, 'voltage-last-month': 'none' }, '2027-02-01'), ['2026-11', '2026-12'])
    // Whether it ends in November is not known before November is over.
    assert.deepEqual(months(lasting, { ...usual, 'voltage-last-month': 'none' }, '2026-11-30'), [])
    const last = dueMonths(over, [], { ...usual, 'voltage-last-month': 'by-days' }, at('2027-02-01'), calendar).at(-1)
    assert.deepEqual(last!.part, { days: 20, of: 31 })
  })

  it('begin when the deadline has passed, where the option says so', () => {
    const choices = { ...usual, 'voltage-compensation-begins': 'after-deadline' } as const
    assert.deepEqual(months(over, choices, '2027-02-01'), ['2026-11', '2026-12', '2027-01'])
    const late = { ...choices, 'voltage-regularisation-days-drc': 40 }
    assert.deepEqual(months(lasting, late, '2026-12-15'), [])
    assert.deepEqual(months(lasting, late, '2026-12-25'), ['2026-12'])
    // Put right on the last day.
    assert.deepEqual(months(over, { ...choices, 'voltage-regularisation-days-drc': 72 }, '2027-02-01'), [])
  })

  it('rest on the last measurement that found the violation, and on the charge of its month', () => {
    const worse = measured('2026-12-03', 'both')
    const both = { opening, violating: [opening, worse], closing }
    const due = (choices: ViolationChoices) =>
      dueMonths(both, [], choices, at('2027-02-01'), calendar).map(({ basis, eusdMonth }) => [
        basis.measurementId,
        eusdMonth,
      ])
    const [first, second] = [opening.measurementId, worse.measurementId]
    assert.deepEqual(due(usual), [
      [first, '2026-11'],
      [second, '2026-12'],
      [second, '2026-12'],
    ])
    assert.deepEqual(due({ ...usual, 'voltage-eusd-month': 'measurement-start' }), [
      [first, '2026-11'],
      [second, '2026-11'],
      [second, '2026-11'],
    ])
    assert.deepEqual(due({ ...usual, 'voltage-eusd-month': 'each-month' }), [
      [first, '2026-11'],
      [second, '2026-12'],
      [second, '2027-01'],
    ])
  })

  it('once due stay due as time passes, each once (property)', () => {
    const day = fc.integer({ min: 0, max: 900 }).map((days) => calendar.shift('2026-11-09', days))
    const last = fc.constantFrom('whole' as const, 'by-days' as const, 'none' as const)
    fc.assert(
      fc.property(day, day, last, (one, other, lastMonth) => {
        const [early, late] = [one, other].toSorted()
        const choices = { ...usual, 'voltage-last-month': lastMonth }
        const before = months(lasting, choices, early!)
        const after = months(lasting, choices, late!)
        assert.deepEqual(after.slice(0, before.length), before)
        assert.equal(new Set(after).size, after.length)
      }),
    )
  })
})

describe('months', () => {
  it('follow one another', () => {
    assert.equal(nextMonth('2026-12'), '2027-01')
    assert.equal(nextMonth('2026-09'), '2026-10')
    assert.equal(monthOf('2026-11-09'), '2026-11')
  })

  it('bring more when they are over', () => assert.equal(nextDue(at('2026-11-09'), calendar), Date.UTC(2026, 11, 1)))
})
