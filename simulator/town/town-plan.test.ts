import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chargePointOf, lines, pathOf, townOf, type TownPlan } from './town-plan.ts'

const devices = ({ chargePoints, batteries, plants }: TownPlan) => [...chargePoints, ...batteries, ...plants]

describe('the plan of the town', () => {
  it('is three feeders one within the other, with 200 charge points, batteries and PV on each', () => {
    const town = townOf()
    assert.deepEqual(pathOf(town.feeders, 'town-02'), ['town-02', 'town-01', 'town-00'])
    assert.equal(town.chargePoints.length, 200)
    for (const { id } of town.feeders)
      for (const kind of [town.chargePoints, town.batteries, town.plants])
        assert.ok(
          kind.some(({ feederId }) => feederId === id),
          id,
        )
  })

  it('loads its lines unequally: most of what has one line is on A', () => {
    const single = townOf().chargePoints.filter(({ phases }) => phases.length === 1)
    const [a, b, c] = lines.map((line) => single.filter(({ phases }) => phases === line).length) as [
      number,
      number,
      number,
    ]
    assert.ok(a > b && b > c && c > 0, `${a} ${b} ${c}`)
  })

  it('of a charge point has 6 A a line as its least: 1.32 kW of one line, 3.96 kW of three', () => {
    const of = (phases: string, amperes: number) =>
      chargePointOf('ev-1', 'town-02', { amperes, phases, custom: 'home', priority: 1 })
    assert.deepEqual([of('B', 32).leastKw, of('B', 32).pMaxKw], [1.32, 7.04])
    assert.deepEqual([of('ABC', 16).leastKw, of('ABC', 16).pMaxKw], [3.96, 10.56])
  })

  it('is proportional, with names of its own for each device, whatever its size (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
        const town = townOf(count)
        const ids = devices(town).map(({ id }) => id)
        assert.equal(new Set(ids).size, ids.length)
        assert.equal(town.chargePoints.length, count)
        for (const { limitKw, basePeakKw, shares } of town.feeders) {
          assert.ok(limitKw > basePeakKw * 0.9)
          assert.ok(Math.abs(shares[0] + shares[1] + shares[2] - 1) < 1e-9)
        }
        for (const { feederId, parentFeederId } of devices(town))
          assert.equal(parentFeederId, town.feeders.find(({ id }) => id === feederId)!.parentId)
      }),
    )
  })
})
