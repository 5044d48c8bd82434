import assert from 'node:assert/strict'
import { feederLoads, limitSource, loadCounts } from './feeder-loads.ts'

const feeder = (feederId: string, totalKw: number, limitKw: number | null) => ({
  ...{ feederId, totalKw, limitKw, deviceCount: 1, byType: {}, byPhase: { A: 0, B: 0, C: 0 } },
})

describe('feeders against their limits', () => {
  const loads = feederLoads([
    feeder('f-free', 900, null),
    feeder('f-back', -50, 40),
    feeder('f-over', 110, 100),
    feeder('f-near', 95, 100),
    feeder('f-shut', 1, 0),
    feeder('f-idle', 10, null),
  ])

  it('come with what uses most of its limit first, and without one last', () =>
    assert.deepEqual(
      loads.map(({ feederId, share }) => [feederId, share]),
      [['f-shut', Infinity], ['f-over', 1.1], ['f-near', 0.95], ['f-back', 0], ['f-free', null], ['f-idle', null]], // prettier-ignore
    ))

  it('are counted where they are beyond it, or near', () => assert.deepEqual(loadCounts(loads), { beyond: 2, near: 1 }))
})

describe('the source of a limit', () => {
  const limit = (line: string, direction: string, limitKw: number, source: string) => ({
    ...{ line, direction, limitKw, source },
  })

  it('is that of the least towards the loads, over all phases', () =>
    assert.equal(
      limitSource([
        limit('total', 'import', 500, 'registry'),
        limit('total', 'import', 80, 'event:7'),
        limit('total', 'export', 10, 'limit:3'),
        limit('A', 'import', 5, 'limit:4'),
      ]),
      'event:7',
    ))

  it('is nobody’s where there is none', () => assert.equal(limitSource([]), undefined))
})
