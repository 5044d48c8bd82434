import assert from 'node:assert/strict'
import fc from 'fast-check'
import { correctedOutages, type CorrectedTime } from './corrected-outages.ts'
import type { UnitOutage } from './interruption.ts'

const piece = (from: number, until: number | null, interruptionId = 1): UnitOutage => ({
  unitId: 'u',
  interruptionId,
  from,
  until,
})
const spans = (outages: readonly UnitOutage[], times: readonly CorrectedTime[]) =>
  correctedOutages('u', outages, 7, times).map(({ from, until, interruptionId }) => [from, until, interruptionId])

describe('outages as a correction leaves them', () => {
  for (const [what, outages, time, left] of [
    ['an end that was earlier', [piece(10, 50)], [30, 60, true], [[10, 30, 1]]],
    ['a beginning that was later', [piece(10, 50)], [0, 20, true], [[20, 50, 1]]],
    [
      'supply in between',
      [piece(10, 50)],
      [20, 30, true],
      [
        [10, 20, 1],
        [30, 50, 1],
      ],
    ],
    ['no outage at all', [piece(10, 50)], [10, 50, true], []],
    [
      'an end of what lasted',
      [piece(10, null)],
      [30, 1_000, true],
      [
        [10, 30, 1],
        [1_000, null, 1],
      ],
    ],
    ['an outage that nobody had seen', [], [10, 50, false], [[10, 50, 7]]],
    ['a longer one', [piece(10, 50, 7)], [50, 70, false], [[10, 70, 7]]],
    [
      'a part that is of another interruption',
      [piece(10, 50)],
      [20, 30, false],
      [
        [10, 20, 1],
        [20, 30, 7],
        [30, 50, 1],
      ],
    ],
    ['what is elsewhere', [piece(10, 50)], [60, 70, true], [[10, 50, 1]]],
  ] as const)
    it(what, () => {
      const [from, until, supplied] = time
      assert.deepEqual(spans(outages, [{ from, until, supplied }]), left)
    })

  it('never overlap, hold what is said last, and are no other outside of it (property)', () => {
    const time = fc
      .record({
        from: fc.integer({ min: 0, max: 99 }),
        length: fc.integer({ min: 1, max: 50 }),
        supplied: fc.boolean(),
      })
      .map(({ from, length, supplied }) => ({ from, until: from + length, supplied }))
    fc.assert(
      fc.property(fc.array(time, { maxLength: 6 }), time, (before, last) => {
        const outages = correctedOutages('u', [], 1, before)
        const after = correctedOutages('u', outages, 7, [last])
        for (const [index, { from }] of after.entries()) assert.ok(index === 0 || from >= after[index - 1]!.until!)
        const isOut = (of: readonly UnitOutage[], at: number) => of.some(({ from, until }) => at >= from && at < until!)
        for (let at = 0; at < 150; at++)
          assert.equal(isOut(after, at), at >= last.from && at < last.until ? !last.supplied : isOut(outages, at))
      }),
    )
  })
})
