import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import { deviceSums, layOut, lineCount, shareOf } from './tree.ts'

describe('a problem laid out', () => {
  const feeders = [
    { id: 'b', parent: 'a', base: { A: 1, B: 2 } },
    {
      id: 'a',
      base: 3,
      limits: [
        { kw: 9, source: 'z' },
        { kw: 8, source: 'y' },
        { kw: 8, source: 'x' },
      ],
    },
  ]
  const devices = [
    { id: 'two', feeder: 'b', kind: 'ev', phases: 'AB', until: 9 },
    { id: 'one', feeder: 'a', kind: 'ev', phases: 'A', until: 9 },
  ] as const
  const tree = layOut(
    problemOf(feeders, devices, [
      { id: 't2', feeder: 'a', until: 5 },
      { id: 't1', feeder: 'a', until: 5 },
    ]),
  )

  it('stands in the order of the ids', () => {
    assert.deepEqual(
      tree.feeders.map(({ feederId }) => feederId),
      ['a', 'b'],
    )
    assert.deepEqual(
      tree.devices.map(({ deviceId }) => deviceId),
      ['one', 'two'],
    )
    assert.deepEqual([...tree.parent], [-1, 0])
  })
  it('carries base loads and devices up, each on its phases', () => {
    assert.deepEqual([...tree.highBelow.subarray(0, lineCount)], [6, 2, 3, 1])
    assert.deepEqual([...deviceSums(tree, Float64Array.of(4, 6))], [10, 7, 3, 0, 6, 3, 3, 0])
  })
  it('has of several limits the least, and of equals the one whose source comes first', () => {
    assert.equal(tree.importLimit[0]?.source, 'x')
    assert.equal(tree.most[0], 8 - 6)
    assert.equal(tree.shedTargetId[0], 't1')
  })
  it('shares a power equally by the phases of its device', () =>
    assert.deepEqual([shareOf(7, 0), shareOf(7, 2), shareOf(2, 1)], [1, 1 / 3, 0]))
})
