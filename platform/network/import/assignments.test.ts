import assert from 'node:assert/strict'
import fc from 'fast-check'
import { mergeAssignments } from './assignments.ts'
import { file, tablesOf, told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import type { Assignment } from './network.ts'

/** Beginning of a day in São Paulo, or no bound. */
const at = (day: string | null): number => (day === null ? Infinity : Date.parse(`${day}T03:00:00Z`))
const assignment = (unit_id: string, device_id: string, from: string, to: string | null = null): Assignment => ({
  unit_id,
  device_id,
  valid_from: at(from),
  valid_to: at(to),
})

function merge(known: readonly Assignment[], ...lines: readonly string[]) {
  const faults = new Faults()
  const { meters } = tablesOf(file('meters.csv', 'unit_id,device_id,valid_from,valid_to', ...lines))
  const changes = mergeAssignments(meters, known, faults)
  return { ...changes, faults: told(faults) }
}

const bare = ({ unit_id, device_id, valid_from, valid_to }: Assignment): Assignment => ({
  unit_id,
  device_id,
  valid_from,
  valid_to,
})

describe('meter assignments', () => {
  it('are new, changed in their end, or as they were', () => {
    const known = [assignment('u-1', 'm-1', '2024-01-01'), assignment('u-2', 'm-2', '2024-01-01')]
    const merged = merge(known, 'u-1,m-1,2024-01-01,', 'u-2,m-2,2024-01-01,2025-01-01', 'u-3,m-3,2024-01-01,')
    assert.deepEqual([merged.added, merged.changed, merged.unchanged, merged.faults.length], [1, 1, 1, 0])
    assert.deepEqual(merged.toRemove, [known[1]])
    assert.deepEqual(merged.toWrite.map(bare), [
      assignment('u-2', 'm-2', '2024-01-01', '2025-01-01'),
      assignment('u-3', 'm-3', '2024-01-01'),
    ])
  })

  it('end where another meter follows', () => {
    const merged = merge([assignment('u-1', 'm-1', '2024-01-01')], 'u-1,m-2,2025-06-01,')
    assert.deepEqual(merged.closed, [assignment('u-1', 'm-1', '2024-01-01', '2025-06-01')])
    assert.deepEqual(merged.toWrite.map(bare), [merged.closed[0], assignment('u-1', 'm-2', '2025-06-01')])
  })

  it('end where the meter goes to another unit', () => {
    const merged = merge([assignment('u-1', 'm-1', '2024-01-01')], 'u-2,m-1,2025-06-01,')
    assert.deepEqual(merged.closed, [assignment('u-1', 'm-1', '2024-01-01', '2025-06-01')])
  })

  it('are changed in one file by an end and a beginning at the same instant', () => {
    const merged = merge(
      [assignment('u-1', 'm-1', '2024-01-01')],
      'u-1,m-1,2024-01-01,2025-06-01',
      'u-1,m-2,2025-06-01,',
    )
    assert.deepEqual([merged.faults, merged.changed, merged.added, merged.closed.length], [[], 1, 1, 0])
  })

  it('do not overlap: of one unit, of one meter, in the file, with the registry', () => {
    const merged = merge(
      [assignment('u-3', 'm-5', '2024-01-01', '2024-06-01'), assignment('u-4', 'm-6', '2024-03-01')],
      'u-1,m-1,2024-01-01,',
      'u-1,m-2,2024-05-01,',
      'u-2,m-1,2024-07-01,2024-08-01',
      'u-3,m-3,2024-05-31,',
      'u-4,m-4,2024-01-01,2024-04-01',
      'u-5,m-7,2024-01-01,2024-04-01',
      'u-5,m-7,2024-02-01,2024-03-01',
    )
    assert.deepEqual(merged.faults, [
      'meters.csv line 3: overlaps line 2: unit u-1 has meter m-1 from 2024-01-01T03:00:00.000Z without end',
      'meters.csv line 4: overlaps line 2: unit u-1 has meter m-1 from 2024-01-01T03:00:00.000Z without end',
      'meters.csv line 5: overlaps what the registry knows: unit u-3 has meter m-5 from 2024-01-01T03:00:00.000Z to 2024-06-01T03:00:00.000Z',
      'meters.csv line 6: overlaps what the registry knows: unit u-4 has meter m-6 from 2024-03-01T03:00:00.000Z without end',
      'meters.csv line 8: overlaps line 7: unit u-5 has meter m-7 from 2024-01-01T03:00:00.000Z to 2024-04-01T03:00:00.000Z',
    ])
  })

  it('end after they begin, and are given once', () => {
    assert.deepEqual(merge([], 'u-1,m-1,2024-01-01,2024-01-01', 'u-2,m-2,2024-01-01,', 'u-2,m-2,2024-01-01,').faults, [
      'meters.csv line 2: valid_to is not after valid_from',
      'meters.csv line 4: this unit, meter and beginning are on line 3 already',
    ])
  })

  it('keep their end where the file has no such column', () => {
    const known = [assignment('u-1', 'm-1', '2024-01-01', '2025-01-01')]
    const { meters } = tablesOf(file('meters.csv', 'unit_id,device_id,valid_from', 'u-1,m-1,2024-01-01'))
    assert.equal(mergeAssignments(meters, known, new Faults()).unchanged, 1)
  })

  it('accepted once are accepted again, and nothing changes; none ever overlap (property)', () => {
    const line = fc.record({
      unit: fc.nat(2),
      meter: fc.nat(2),
      from: fc.integer({ min: 1, max: 20 }),
      lasts: fc.option(fc.integer({ min: 1, max: 8 })),
    })
    const day = (n: number) => `2025-01-${String(n).padStart(2, '0')}`
    const written = (given: readonly { unit: number; meter: number; from: number; lasts: number | null }[]) =>
      given.map(
        ({ unit, meter, from, lasts }) =>
          `u-${unit},m-${meter},${day(from)},${lasts === null ? '' : day(from + lasts)}`,
      )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), fc.array(line, { maxLength: 4 }), (first, second) => {
        let known: Assignment[] = []
        for (const lines of [written(first), written(second)]) {
          const merged = merge(known, ...lines)
          if (merged.faults.length > 0) continue
          known = [...known.filter((one) => !merged.toRemove.includes(one)), ...merged.toWrite.map(bare)]
          for (const one of known)
            for (const other of known)
              if (one !== other && (one.unit_id === other.unit_id || one.device_id === other.device_id))
                assert.ok(one.valid_to <= other.valid_from || other.valid_to <= one.valid_from)
          const again = merge(known, ...lines)
          assert.deepEqual([again.faults, again.toRemove, again.toWrite], [[], [], []])
        }
      }),
      { numRuns: 300 },
    )
  })
})
