import assert from 'node:assert/strict'
import fc from 'fast-check'
import { arbitraryProblem } from './arbitrary-problem.fixture.ts'
import { checkAllocation } from './domain/allocation/check.ts'
import { allocateHeuristic, maxMinLevels } from './domain/allocation/heuristic.ts'
import { canKeepLimits, maxMinByLp } from './max-min-lp.fixture.ts'
import type { Member } from './max-min-lp.fixture.ts'
import { problemOf } from './domain/allocation/problem.fixture.ts'
import type { Device, FeederLimit, Problem } from './domain/allocation/problem.ts'
import { roundDown } from './domain/allocation/rounding.ts'

const runs = { numRuns: 400 }
const powersOf = (problem: Problem): Map<string, number> =>
  new Map(allocateHeuristic(problem).devices.map(({ deviceId, powerKw }) => [deviceId, powerKw]))

describe('properties of the heuristic', () => {
  it('asks of no device what it cannot do, and exceeds no limit of node or phase that could be kept (property)', () => {
    let kept = 0
    fc.assert(
      fc.property(arbitraryProblem, (problem) => {
        const violations = checkAllocation(problem, powersOf(problem))
        assert.deepEqual(
          violations.filter(({ kind }) => kind === 'device'),
          [],
        )
        if (!canKeepLimits(problem, reach(problem))) return
        kept++
        assert.deepEqual(violations, [])
      }),
      runs,
    )
    assert.ok(kept > runs.numRuns / 2, `only ${kept} of ${runs.numRuns} problems could be kept at all`)
  })

  it('gives the same whatever the order of feeders, limits, devices and targets (property)', () => {
    fc.assert(
      fc.property(arbitraryProblem, fc.integer(), (problem, seed) => {
        const turned = { ...problem, feeders: mixed(problem.feeders, seed), devices: mixed(problem.devices, seed) }
        turned.feeders = turned.feeders.map((feeder) => ({ ...feeder, limits: mixed(feeder.limits, seed) }))
        assert.deepEqual(allocateHeuristic(turned), allocateHeuristic(problem))
      }),
      runs,
    )
  })

  it('with more capacity leaves the worst-off no worse, where everybody may have any power (property)', () => {
    fc.assert(
      fc.property(arbitraryProblem, fc.constantFrom(0.5, 3, 50), (whole, more) => {
        const problem = owingNothing(whole)
        const devices = problem.devices.map((device) => ({ ...device, leastOnKw: 0 }))
        staysNoWorse({ ...problem, devices }, more)
      }),
      runs,
    )
  })

  // Where one limit stands below another, more capacity of one may go to those who weigh more, at the cost of those beside them
  // under the other: with a least power these may be off then, as below.
  it('also where least powers count, below one limit (property)', () => {
    fc.assert(
      fc.property(arbitraryProblem, fc.constantFrom(0.5, 3, 50), (whole, more) => {
        const problem = owingNothing(whole)
        const feeders = problem.feeders.map((feeder) => ({
          ...feeder,
          limits: feeder.parentFeederId === null ? feeder.limits.filter(isWholeImport) : [],
        }))
        staysNoWorse({ ...problem, feeders }, more)
      }),
      runs,
    )
  })

  it('but not below two: the capacity that a heavy one gets more of may be what another was on by', () => {
    const of = (inner: number): number[] =>
      allocateHeuristic(
        problemOf(
          [
            { id: 'F', import: 4 },
            { id: 'G', parent: 'F', import: inner },
          ],
          [
            { id: 'heavy', feeder: 'G', kind: 'ev', phases: 'A', until: 7, least: 1.4, weight: 4 },
            { id: 'light', feeder: 'F', kind: 'ev', phases: 'A', until: 7, least: 1.4, weight: 0.5 },
          ],
        ),
      ).devices.map(({ powerKw }) => powerKw)
    assert.deepEqual(
      [of(1.5), of(20)],
      [
        [1.5, 2.5],
        [4, 0],
      ],
    )
  })

  it('is max-min fair: nobody can have more but by one who has less, as linear programs find (property)', () => {
    let fair = 0
    fc.assert(
      fc.property(arbitraryProblem, (whole) => {
        const problem = { ...whole, shedTargets: [] }
        if (!canKeepLimits(problem, reach(problem))) return
        const levels = new Map(maxMinLevels(problem).map((level) => [level.deviceId, level]))
        const target = (device: Device): number => levels.get(device.deviceId)!.targetKw
        // Where an export limit curtails PV that others rely on, fairness is approached in rounds, not reached: see heuristic.ts.
        if (problem.devices.some((device) => device.wantedKw < 0 && target(device) > device.wantedKw + 1e-9)) return
        // What takes a surplus has more than it wants: that is beyond fairness.
        if (problem.devices.some((device) => target(device) > leastWanted(device) + 1e-9 && device.kind !== 'pv'))
          return
        const members = problem.devices
          .filter((device) => takesPart(device, levels))
          .map((device) => memberOf(device, levels))
        if (members.length < 2) return
        fair++
        const fixed = new Map(problem.devices.map((device) => [device.deviceId, target(device)]))
        const byLp = maxMinByLp(problem, members, fixed)
        for (const [deviceId, powerKw] of byLp) {
          const filled = levels.get(deviceId)!.targetKw
          assert.ok(Math.abs(filled - powerKw) < 1e-3, `${deviceId}: filled ${filled}, by the programs ${powerKw}`)
        }
      }),
      { numRuns: 1_500 },
    )
    assert.ok(fair > 75, `only ${fair} problems had something to share`)
  })
})

/** What each can be brought to for the sake of a limit, taken from the meaning of the fields. */
function reach(problem: Problem): Map<string, readonly [number, number]> {
  return new Map(
    problem.devices.map(({ deviceId, kind, fromKw, untilKw, leastOnKw, held, lostAtKw }) => {
      if (lostAtKw !== null) return [deviceId, [lostAtKw, lostAtKw]] as const
      if (held === 'off' && kind === 'pv') return [deviceId, [0, 0]] as const
      const on = held !== 'off' && untilKw >= leastOnKw
      // An EV between 0 and its least power is nothing to count on when something must be consumed.
      return [deviceId, [fromKw, on && kind !== 'ev' ? untilKw : Math.max(0, fromKw)]] as const
    }),
  )
}

const leastWanted = ({ wantedKw, leastOnKw }: Device): number =>
  wantedKw > 0 ? Math.max(wantedKw, steps(leastOnKw)) : wantedKw
const steps = (kw: number): number => Math.ceil(kw * 10 - 1e-6) / 10

/** Those who are on, or could be at any power; the others were left out before fairness. */
function takesPart(device: Device, levels: ReadonlyMap<string, { targetKw: number }>): boolean {
  const { targetKw } = levels.get(device.deviceId)!
  if (device.lostAtKw !== null || device.held === 'off' || targetKw < 0 || device.wantedKw <= 0) return false
  return device.kind !== 'pv' && (device.leastOnKw === 0 || targetKw > 0)
}

function memberOf(device: Device, levels: ReadonlyMap<string, { floorKw: number }>): Member {
  const { floorKw } = levels.get(device.deviceId)!
  const least = Math.min(steps(device.leastOnKw), device.untilKw)
  const untilKw = Math.min(Math.max(device.wantedKw, least), device.untilKw)
  return {
    deviceId: device.deviceId,
    floorKw,
    weight: device.weight,
    startKw: Math.min(Math.max(floorKw, least), untilKw),
    untilKw,
  }
}

/**
 * What must be or is owed comes before the worst-off, and capacity may let it be at last; and a battery that had to discharge for a
 * limit, and now need not, had made room for others.
 */
function owingNothing(problem: Problem): Problem {
  const devices = problem.devices.map((device) => ({
    ...device,
    fromKw: device.kind === 'battery' ? 0 : device.fromKw,
    wantedKw: device.kind === 'battery' ? Math.max(0, device.wantedKw) : device.wantedKw,
    contractedKw: 0,
    held: device.held === 'on' ? null : device.held,
  }))
  return { ...problem, devices }
}

function staysNoWorse(problem: Problem, moreKw: number): void {
  if (!canKeepLimits(problem, reach(problem))) return
  const wider = {
    ...problem,
    feeders: problem.feeders.map((feeder) => ({
      ...feeder,
      limits: feeder.limits.map((limit) => ({
        ...limit,
        limitKw: limit.limitKw + (limit.direction === 'import' ? moreKw : 0),
      })),
    })),
  }
  assert.ok(worstOff(wider) >= worstOff(problem) - 1e-6)
}

const isWholeImport = ({ line, direction }: FeederLimit): boolean => line === 'total' && direction === 'import'

/** The least level among those who want something; a battery that discharges for others is as badly off as one that gets nothing. */
function worstOff(problem: Problem): number {
  const levels = new Map(maxMinLevels(problem).map((level) => [level.deviceId, level]))
  const measures = problem.devices
    .filter(
      ({ wantedKw, held, lostAtKw, untilKw, leastOnKw }) =>
        wantedKw > 0 && held !== 'off' && lostAtKw === null && untilKw >= leastOnKw,
    )
    .map((device) => Math.max(0, Math.min(levels.get(device.deviceId)!.targetKw, device.wantedKw)) / device.weight)
  return Math.min(Infinity, ...measures)
}

/** The same items in another order, by a seed. */
function mixed<Item>(items: readonly Item[], seed: number): Item[] {
  return items
    .map((item, at) => ({ item, key: Math.sin(seed + at * 12.9898) }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ item }) => item)
}

describe('properties of rounding', () => {
  it('never exceeds a limit that was kept, and says steps (property)', () => {
    let steps = 0
    let all = 0
    fc.assert(
      fc.property(arbitraryProblem, (problem) => {
        const exact = new Map(maxMinLevels(problem).map(({ deviceId, targetKw }) => [deviceId, targetKw]))
        const said = roundDown(problem, exact)
        const overOf = (powers: ReadonlyMap<string, number>): Map<string, number> =>
          new Map(
            checkAllocation(problem, powers).map((fault) =>
              fault.kind === 'device'
                ? [fault.deviceId, 0]
                : [`${fault.feederId} ${fault.line} ${fault.direction}`, fault.overKw],
            ),
          )
        const before = overOf(exact)
        for (const [limit, kw] of overOf(said)) assert.ok(kw <= (before.get(limit) ?? -1) + 1e-6, `${limit} by ${kw}`)
        for (const device of problem.devices) {
          if (device.lostAtKw !== null) continue
          all++
          const kw = said.get(device.deviceId)!
          if (
            [device.fromKw, device.untilKw, device.wantedKw].includes(kw) ||
            Math.abs(kw * 10 - Math.round(kw * 10)) < 1e-6
          )
            steps++
        }
      }),
      { numRuns: 400 },
    )
    assert.ok(steps > all * 0.98, `${steps} of ${all} are steps`)
  })
})
