import assert from 'node:assert/strict'
import type { Band, UnitWindow } from './voltage-answers.ts'
import { cellStates, countsOf, outlineOf, slotAt, stepBy, stripOf, weekWindows, windowMs } from './week-strip.ts'

const until = new Date(2026, 10, 22, 14, 40).getTime()
const from = until - weekWindows * windowMs

const windowAt = (index: number, band: Band, rest: Partial<UnitWindow> = {}): UnitWindow => ({
  ...{ start: new Date(from + index * windowMs).toISOString(), va_v: 120, vb_v: 127, vc_v: null, coverage: 1 },
  ...{ bandA: band, bandB: 'adequate', bandC: null, valid: true, invalidReason: null, evidence: null, ...rest },
})

describe('the week of a unit, window by window', () => {
  const strip = stripOf(
    [
      windowAt(0, 'precarious'),
      windowAt(1, 'precarious'),
      windowAt(200, 'critical'),
      windowAt(1_007, 'adequate', { valid: false, invalidReason: 'vtcd' }),
    ],
    until,
    'AB',
  )

  it('has 1,008 windows, those too of which nothing was heard, and the phases that the unit has', () => {
    assert.equal(strip.slots.length, 1_008)
    assert.deepEqual(strip.phases, ['A', 'B'])
    assert.deepEqual(countsOf(strip, 'A'), { adequate: 0, precarious: 2, critical: 1, invalid: 1, none: 1_004 })
    assert.deepEqual(countsOf(strip, 'B'), { adequate: 3, precarious: 0, critical: 0, invalid: 1, none: 1_004 })
    for (const phase of strip.phases) {
      const counts = countsOf(strip, phase)
      assert.equal(
        cellStates.reduce((sum, state) => sum + counts[state], 0),
        1_008,
      )
    }
  })

  it('lies in civil days: the first one begins when the week does', () => {
    assert.equal(strip.days.length, 8)
    assert.deepEqual([strip.slots[0]!.row, strip.slots[0]!.column], [0, 14 * 6 + 4])
    assert.deepEqual([strip.slots.at(-1)!.row, strip.slots.at(-1)!.column], [7, 14 * 6 + 3])
    assert.equal(slotAt(strip, 0, 14 * 6 + 4), 0)
    assert.equal(slotAt(strip, 0, 0), undefined)
  })

  it('draws windows of one state in one piece, the worse ones higher', () => {
    assert.equal(outlineOf(strip, 'A', 'precarious'), 'M88 0.36h2V0.92h-2z')
    const topOf = (outline: string): number => Number(/^M\d+ ([\d.]+)/.exec(outline)![1]) % 1
    const critical = topOf(outlineOf(strip, 'A', 'critical'))
    assert.ok(critical < topOf(outlineOf(strip, 'A', 'precarious')))
    assert.ok(topOf(outlineOf(strip, 'A', 'precarious')) < topOf(outlineOf(strip, 'B', 'adequate')))
    assert.equal(outlineOf(strip, 'A', 'adequate'), '')
  })

  it('is gone through by keys: windows, days, and what is not as it should be', () => {
    assert.deepEqual(
      ['ArrowLeft', 'ArrowRight', 'ArrowDown', 'Home', 'End', 'PageDown', 'Tab'].map((key) => stepBy(key, 100, strip)),
      [99, 101, 244, 0, 1_007, 200, undefined],
    )
    assert.deepEqual([stepBy('PageUp', 100, strip), stepBy('PageUp', 0, strip)], [1, 0])
    assert.deepEqual([stepBy('ArrowLeft', 0, strip), stepBy('ArrowDown', 1_000, strip)], [0, 1_007])
    assert.equal(stepBy('PageDown', 1_007, strip), 1_007)
  })
})
