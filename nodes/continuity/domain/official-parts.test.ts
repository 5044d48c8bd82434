import assert from 'node:assert/strict'
import fc from 'fast-check'
import { hourMs, interruption, known, march, piece, rules } from './counting.fixture.ts'
import { unitMonthOf } from './individual.ts'
import { reportedParts } from './official-parts.ts'
import { outageParts } from './outage-parts.ts'

const none = new Map<number, 'decree' | 'chi'>()
const excluded = (...reasons: readonly ('emergency' | 'suspension' | 'load-shedding' | 'rationing')[]) => ({
  exclusions: reasons.map((reason) => ({ reason, unitId: null })),
})
const marchHours = (march.until - march.from) / hourMs

describe('what is reported of a unit and month', () => {
  it('is each stretch that counts, whole, with its reason', () => {
    const facts = known(
      interruption(1),
      interruption(2, excluded('emergency')),
      interruption(3, excluded('emergency')),
      interruption(4, excluded('load-shedding')),
      interruption(5, excluded('rationing')),
      interruption(6, { origin: 'external' }),
      interruption(7),
    )
    const day = { from: march.from + 240 * hourMs, until: march.from + 264 * hourMs }
    const pieces = [-1, 20, 40, 60, 80, 100, 241].map((hour, at) => piece(at + 1, hour, hour + 2))
    const parts = reportedParts(
      'unit-1',
      pieces,
      facts,
      rules({}, { criticalDays: [day] }),
      new Map([[2, 'chi'] as const, [3, 'decree'] as const]),
    )
    assert.deepEqual(
      parts.map(({ interruptionId, reason }) => [interruptionId, reason]),
      [
        [1, 'none'],
        [2, 'emergency-chi'],
        [3, 'emergency-decree'],
        [4, 'load-shedding'],
        [5, 'rationing'],
        [6, 'external-origin'],
        [7, 'critical-day'],
      ],
    )
    assert.deepEqual([parts[0]!.from, parts[0]!.until], [march.from - hourMs, march.from + hourMs])
  })

  it("tells the user's own matters too, and nothing that lasts or is too short", () => {
    const facts = known(interruption(1, excluded('suspension')), interruption(2), interruption(3))
    const parts = reportedParts('unit-1', [piece(1, 1, 5), piece(2, 10, null), piece(3, 6, 6.04)], facts, rules(), none)
    assert.deepEqual(
      parts.map(({ interruptionId, reason }) => [interruptionId, reason]),
      [[1, 'suspension']],
    )
  })

  it('is of one month where an interruption that crosses months is', () => {
    const facts = known(interruption(1), interruption(2, excluded('suspension')))
    const pieces = [piece(1, -1, 2), piece(2, marchHours - 1, marchHours + 1)]
    const ids = (crossing: 'start-month' | 'end-month' | 'split') =>
      reportedParts('unit-1', pieces, facts, rules({ 'continuity-month-crossing': crossing }), none).map(
        ({ interruptionId }) => interruptionId,
      )
    assert.deepEqual([ids('split'), ids('start-month'), ids('end-month')], [[1, 2], [2], [1]])
  })

  it('comes to the DIC of the month, as far as it is within it (property)', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -5, max: 800 }), { maxLength: 30 }),
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        (starts, emergencies) => {
          const sorted = starts.toSorted((one, other) => one - other)
          const pieces = sorted.map((from, at) => piece(at + 1, from, Math.min(from + 3, sorted[at + 1] ?? Infinity)))
          const facts = known(
            ...sorted.map((_from, at) => interruption(at + 1, emergencies[at] ? excluded('emergency') : {})),
          )
          const parts = reportedParts('unit-1', pieces, facts, rules(), none)
          const inMonth = parts
            .filter(({ reason }) => reason === 'none')
            .reduce((sum, { from, until }) => sum + Math.min(until, march.until) - Math.max(from, march.from), 0)
          assert.equal(inMonth, unitMonthOf('unit-1', outageParts('unit-1', pieces, facts, rules()), rules()).dicMs)
        },
      ),
    ))
})
