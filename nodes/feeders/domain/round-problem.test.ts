import assert from 'node:assert/strict'
import { feeder, minuteMs, needSettings, noon, observed } from './observed-device.fixture.ts'
import { roundProblem, treesOf, type Demand } from './round-problem.ts'

const settings = { ...needSettings, intervalMs: minuteMs, silentMs: 2 * minuteMs, prices: null, stepKw: 0.1 }
const noDemand: Demand = {
  shedFeederIds: new Set(),
  effectOn: (devices) => ({ devices, shedTargets: [], sparedDeviceIds: new Set() }),
}
const tree = (importKw: number | null) => ({
  rootId: 'f-0',
  feeders: [feeder('f-0', null, importKw), feeder('f-1', 'f-0', null)],
})
const device = (deviceId: string, isLeased: boolean, kind: 'ev' | 'pv' = 'ev') => ({
  ...observed({ deviceId, kind }),
  isLeased,
})

describe('feeders', () => {
  it('make trees by their roots', () => {
    const trees = treesOf([
      feeder('f-2', 'f-1', 1),
      feeder('g-0', null, 1),
      feeder('f-1', 'f-0', 1),
      feeder('f-0', null, 1),
    ])
    assert.deepEqual(
      trees.map(({ rootId, feeders }) => [rootId, feeders.map(({ feederId }) => feederId)]),
      [
        ['f-0', ['f-2', 'f-1', 'f-0']],
        ['g-0', ['g-0']],
      ],
    )
  })
})

describe('the problem of a round', () => {
  it('has the devices that something concerns', () => {
    const { problem, told, released } = roundProblem(
      tree(10),
      [device('a', true), device('b', false)],
      noDemand,
      noon,
      settings,
    )
    assert.deepEqual(
      problem.devices.map(({ deviceId }) => deviceId),
      ['a', 'b'],
    )
    assert.deepEqual([[...told], released], [['a', 'b'], []])
  })

  it('lets go who follows a lease, and whom nothing concerns any more', () => {
    const { problem, released } = roundProblem(
      tree(null),
      [device('a', true), device('b', false)],
      noDemand,
      noon,
      settings,
    )
    assert.deepEqual([problem.devices, released], [[], ['a']])
  })

  it('counts on a PV that no export limit concerns, without telling it anything', () => {
    const { problem, told, released } = roundProblem(tree(10), [device('pv', true, 'pv')], noDemand, noon, settings)
    assert.deepEqual([problem.devices.length, told.size, released], [1, 0, ['pv']])
  })

  it('has what demand response makes of devices', () => {
    const shed = { targetId: 'event:7', feederId: 'f-0', dispatchableUntilKw: 3 }
    const demand: Demand = {
      shedFeederIds: new Set(['f-0']),
      effectOn: (devices) => ({
        devices: devices.map((one) => ({ ...one, wantedKw: 1 })),
        shedTargets: [shed],
        sparedDeviceIds: new Set(['a']),
      }),
    }
    const { problem, spared } = roundProblem(tree(null), [device('a', false)], demand, noon, settings)
    assert.deepEqual([problem.devices[0]!.wantedKw, problem.shedTargets, [...spared]], [1, [shed], ['a']])
  })
})
