import assert from 'node:assert/strict'
import fc from 'fast-check'
import { OutageTable } from './outage-table.ts'

type Row = [unit: number, from: number, until: number | null, interruption: number]

describe('a table of outages', () => {
  it('gives those of each unit, in the order in which they came (property)', () => {
    const row = fc.tuple(fc.nat(9), fc.nat(1e12), fc.option(fc.nat(1e12)), fc.nat(99))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 50 }), (rows) => {
        const table = new OutageTable()
        for (const each of rows) table.add(...(each as Row))
        const expected = new Map<number, unknown[]>()
        for (const [unit, from, until, interruption] of rows)
          expected.set(unit, [
            ...(expected.get(unit) ?? []),
            { unitId: '', from, until, interruptionId: interruption + 1 },
          ])
        const found = [...table.byUnit(10, (interruption) => interruption + 1)]
        assert.deepEqual(
          found,
          [...expected].sort(([one], [other]) => one - other),
        )
      }),
    )
  })

  it('grows with what comes', () => {
    const table = new OutageTable()
    for (let row = 0; row < 5_000; row++) table.add(row % 3, row, row + 1, row)
    assert.equal(table.size, 5_000)
    const found = [...table.byUnit(4, (interruption) => interruption)]
    assert.deepEqual(
      found.map(([unit, pieces]) => [unit, pieces.length, pieces.at(-1)!.from]),
      [
        [0, 1_667, 4_998],
        [1, 1_667, 4_999],
        [2, 1_666, 4_997],
      ],
    )
  })
})
