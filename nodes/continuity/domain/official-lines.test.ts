import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ReportedInterruption } from './official-interruption.ts'
import { joined, LineComparison } from './official-lines.ts'

const line = (changes: Partial<ReportedInterruption> = {}): ReportedInterruption => ({
  ...{ interruptionId: '1', eventId: '1', occurrenceId: null, municipalityCode: null, elementKind: 'switch' },
  ...{ conjunto: { id: '1', name: 'A' }, feederId: null, substationId: null, year: 2026, month: 3 },
  ...{ programmed: false, origin: 'internal', reason: 'none', cause: null, detail: null, voltageV: 220 },
  ...{ from: '2026-03-01 10:00:00', until: '2026-03-01 11:00:00', unitsOut: 1, unitsOfConjunto: 100, ...changes },
})
const lineArbitrary = fc
  .record({
    interruptionId: fc.constantFrom('1', '2'),
    municipalityCode: fc.constantFrom(null, 3_550_308),
    reason: fc.constantFrom('none', 'critical-day'),
    unitsOut: fc.integer({ min: 1, max: 9 }),
  })
  .map((changes) => line(changes as Partial<ReportedInterruption>))

describe('lines of interruptions', () => {
  it('of units that were out together are one, with the highest of their voltages, in the order of time', () => {
    const lines = [
      line({ from: '2026-03-01 10:30:00' }),
      line(),
      line({ unitsOut: 2, voltageV: 13_800 }),
      line({ voltageV: null }),
    ]
    assert.deepEqual(
      joined(lines).map(({ from, unitsOut, voltageV }) => [from.slice(11, 16), unitsOut, voltageV]),
      [
        ['10:00', 4, 13_800],
        ['10:30', 1, 220],
      ],
    )
  })

  it('keep all units, and are those of here where they are (property)', () =>
    fc.assert(
      fc.property(fc.array(lineArbitrary), (lines) => {
        const sum = (of: readonly ReportedInterruption[]) => of.reduce((all, { unitsOut }) => all + unitsOut, 0)
        const together = joined(lines)
        assert.equal(sum(together), sum(lines))
        const comparison = new LineComparison(lines.toReversed())
        for (const each of together) comparison.take(each)
        comparison.end()
        assert.deepEqual(
          [comparison.lines, comparison.equal, comparison.differences],
          [together.length, together.length, []],
        )
      }),
    ))

  it('differ by their units, and where one of the two has them only', () => {
    const comparison = new LineComparison([line({ unitsOut: 5 }), line({ interruptionId: '2' })])
    comparison.take(line({ unitsOut: 6 }))
    comparison.take(line({ reason: 'critical-day' }))
    comparison.end()
    assert.deepEqual(
      comparison.differences.map(({ interruptionId, reason, fileUnits, hereUnits }) => [
        ...[interruptionId, reason, fileUnits, hereUnits],
      ]),
      [
        ['1', 'none', 5, 6],
        ['1', 'critical-day', null, 1],
        ['2', 'none', 1, null],
      ],
    )
  })
})
