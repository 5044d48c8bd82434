import assert from 'node:assert/strict'
import fc from 'fast-check'
import { allocateHeuristic } from './allocation/heuristic.ts'
import type { Device, Feeder, Problem } from './allocation/problem.ts'
import { calmBounds, openPv, withDeadBand } from './calm.ts'
import { earlier, feeder, minuteMs, noon, observed, problemDevice } from './observed-device.fixture.ts'

const bounds = (
  device: Partial<Device>,
  known: Parameters<typeof observed>[0],
  presentKw: number | null,
): (number | string | null)[] => {
  const found = calmBounds(problemDevice(device), observed(known), presentKw, noon, minuteMs)
  return [found.fromKw, found.untilKw, found.wantedKw, found.held]
}

describe('a ramp', () => {
  it('bounds what is taken upwards, and never downwards', () => {
    assert.deepEqual(bounds({}, { rampKwPerMinute: 2 }, 3), [0, 5, 5, null])
    assert.deepEqual(bounds({ wantedKw: 1 }, { rampKwPerMinute: 2 }, 7), [0, 7.4, 1, null])
    assert.deepEqual(bounds({ kind: 'battery', fromKw: -5 }, { kind: 'battery', rampKwPerMinute: 1 }, 0), [
      -5,
      1,
      1,
      null,
    ])
  })

  it('lets a car leap to the least that it can draw', () => {
    assert.deepEqual(bounds({ leastOnKw: 2.3 }, { rampKwPerMinute: 0.5 }, 0), [0, 2.3, 2.3, null])
  })

  it('bounds a PV towards more generation, and never towards less', () => {
    const pv = { kind: 'pv', fromKw: -8, untilKw: 0, wantedKw: -8 } as const
    assert.deepEqual(bounds(pv, { kind: 'pv', rampKwPerMinute: 1 }, -3), [-4, 0, -4, null])
  })

  it('says nothing of a device that was told nothing yet', () => {
    assert.deepEqual(bounds({}, { rampKwPerMinute: 0.1 }, null), [0, 7.4, 7.4, null])
  })
})

describe('minimum times', () => {
  const switched = (agoS: number, given: Parameters<typeof observed>[0] = {}) => ({
    share: earlier({ switchedAt: noon - agoS * 1_000 }),
    ...given,
  })
  for (const [words, known, presentKw, held] of [
    ['a car charges for five minutes at least', switched(299), 5, 'on'],
    ['and then no longer must', switched(300), 5, null],
    ['it rests for two minutes', switched(119), 0, 'off'],
    ['and then no longer must', switched(120), 0, null],
    ['the registry says otherwise', switched(500, { minOnS: 600 }), 5, 'on'],
    ['even that it need not', switched(1, { minOnS: 0 }), 5, null],
    ['a battery need not unless the registry says so', switched(1, { kind: 'battery' }), 5, null],
    ['who was never switched is free', {}, 5, null],
  ] as const)
    it(words, () => assert.equal(bounds({}, known, presentKw)[3], held))
})

const problem = (feeders: readonly Feeder[], devices: readonly Device[]): Problem => ({
  ...{ at: noon, intervalMs: minuteMs, feeders, devices, shedTargets: [], prices: null, stepKw: 0.1 },
})
const rated = (of: Problem) => new Map(of.devices.map(({ deviceId }) => [deviceId, 7.4]))
const told = (of: Problem) =>
  withDeadBand(of, allocateHeuristic(of), rated(of)).devices.map(({ powerKw }) => Math.round(powerKw * 1e6) / 1e6)

describe('the dead band', () => {
  const two = (importKw: number | null, first: number, second: number) =>
    problem(
      [feeder('f-1', null, importKw, null)],
      [
        problemDevice({ deviceId: 'a', presentKw: first, wantedKw: 4 }),
        problemDevice({ deviceId: 'b', presentKw: second, wantedKw: 4 }),
      ],
    )

  it('leaves devices at what they were told where nothing is won by changing it', () => {
    assert.deepEqual(told(two(20, 3.95, 4.05)), [3.95, 4.05])
  })

  it('changes what differs by more', () => {
    assert.deepEqual(told(two(20, 3.8, 4.2)), [4, 4])
  })

  it('keeps nobody higher than a limit allows', () => {
    assert.deepEqual(told(two(8, 4, 4.05)), [4, 4])
    // Room that one leaves another may keep.
    assert.deepEqual(told(two(8, 3.95, 4.05)), [3.95, 4.05])
  })

  it('keeps nobody on who is to go off', () => {
    const off = problem([feeder('f-1', null, 20)], [problemDevice({ presentKw: 0.05, untilKw: 0, wantedKw: 0 })])
    assert.deepEqual(told(off), [0])
  })

  it('never breaks a limit that was kept (property)', () => {
    const kw = fc.double({ min: 0, max: 7.4, noNaN: true })
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 30, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.array(fc.record({ present: kw, wanted: kw, phases: fc.constantFrom(['A'], ['B'], ['A', 'B', 'C']) }), {
          minLength: 1,
          maxLength: 6,
        }),
        (importKw, exportKw, cars) => {
          const of = problem(
            [feeder('f-1', null, importKw, exportKw)],
            cars.map(({ present, wanted, phases }, n) =>
              problemDevice({
                ...{ deviceId: `d-${n}`, presentKw: present, wantedKw: wanted, phases: phases as Device['phases'] },
                ...(n % 3 === 2 && { kind: 'battery' as const, fromKw: -5 }),
              }),
            ),
          )
          for (const { highKw, lowKw } of withDeadBand(of, allocateHeuristic(of), rated(of)).feeders.filter(
            ({ line }) => line === 'total',
          )) {
            assert.ok(highKw <= importKw + 1e-6)
            assert.ok(-lowKw <= exportKw + 1e-6)
          }
        },
      ),
    )
  })
})

describe('a PV that nothing holds back', () => {
  const pv = (deviceId: string, availableKw: number) =>
    problemDevice({ ...{ deviceId, kind: 'pv' }, fromKw: -availableKw, untilKw: 0, wantedKw: -availableKw })
  const opened = (of: Problem) => Object.fromEntries([...openPv(of, allocateHeuristic(of), rated(of))])

  it('may give all it can where no limit is near', () => {
    assert.deepEqual(opened(problem([feeder('f-1', null, 20, null)], [pv('a', 2)])), { a: -7.4 })
    assert.deepEqual(opened(problem([feeder('f-1', null, 20, 30)], [pv('a', 2), pv('b', 3)])), { a: -7.4, b: -7.4 })
  })

  it('shares with others the room that a limit leaves for more sun', () => {
    const { a, b } = opened(problem([feeder('f-1', null, 20, 8)], [pv('a', 2), pv('b', 3)])) as { a: number; b: number }
    assert.ok(a < -2 && b < -3)
    assert.ok(a + b >= -8 - 1e-6)
  })

  it('is told no more than its rating, not by a hair (property)', () => {
    const kw = fc.integer({ min: 0, max: 7_400 }).map((watts) => watts / 1_000)
    fc.assert(
      fc.property(fc.array(kw, { minLength: 1, maxLength: 5 }), fc.option(kw), (available, exportKw) => {
        const plants = available.map((one, n) => pv(`pv-${n}`, one))
        const limit = exportKw === null ? null : exportKw * 5
        for (const power of Object.values(opened(problem([feeder('f-1', null, 20, limit)], plants))))
          assert.ok((power as number) >= -7.4 && (power as number) <= 0, `${power}`)
      }),
    )
  })

  it('is none that is curtailed: it is told what is left for it', () => {
    assert.deepEqual(opened(problem([feeder('f-1', null, 20, 3)], [pv('a', 5)])), {})
  })
})
