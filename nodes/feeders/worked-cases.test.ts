import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAllocation } from './domain/allocation/check.ts'
import { allocateHeuristic } from './domain/allocation/heuristic.ts'
import { bindingText, problemOf } from './domain/allocation/problem.fixture.ts'
import type { CaseDevice, CaseFeeder, CaseShed } from './domain/allocation/problem.fixture.ts'

interface Round {
  /** What happens; feeders and devices named here take the place of those before, or come new. */
  readonly then?: string
  readonly feeders?: readonly CaseFeeder[]
  readonly devices?: readonly CaseDevice[]
  readonly gone?: readonly string[]
  readonly shed?: readonly CaseShed[]
  /** By device: kW, and what keeps it there. */
  readonly expected: Readonly<Record<string, readonly [number, string]>>
  /** By feeder and line: what is exceeded, all of it unavoidable. */
  readonly unavoidable?: Readonly<Record<string, number>>
  readonly shortfall?: Readonly<Record<string, number>>
}

interface WorkedCase {
  readonly why: string
  readonly rounds: readonly Round[]
}

const folder = join(import.meta.dirname, '../../..', 'nodes/feeders/domain/allocation/cases')
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

describe('worked cases of allocation', () => {
  it('are at least 25', () => assert.ok(files.length >= 25, `there are ${files.length}`))

  for (const file of files) {
    const { why, rounds } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as WorkedCase
    it(`${file.replace('.json', '').replaceAll('-', ' ')}: ${why}`, () => play(rounds))
  }
})

function play(rounds: readonly Round[]): void {
  const feeders = new Map<string, CaseFeeder>()
  const devices = new Map<string, CaseDevice>()
  let before: ReadonlyMap<string, number> = new Map()
  for (const { then = 'at first', shed = [], gone = [], unavoidable = {}, shortfall = {}, ...round } of rounds) {
    for (const feeder of round.feeders ?? []) feeders.set(feeder.id, feeder)
    for (const device of round.devices ?? []) devices.set(device.id, device)
    for (const id of gone) devices.delete(id)
    const present = [...devices.values()].map((device) => ({ ...withPresent(before.get(device.id)), ...device }))
    const problem = problemOf([...feeders.values()], present, shed)
    const allocation = allocateHeuristic(problem)

    const told = allocation.devices.map(({ deviceId, powerKw, binding }) => [deviceId, [powerKw, bindingText(binding)]])
    assert.deepEqual(Object.fromEntries(told), sorted(round.expected), then)
    const exceeded = allocation.feeders.filter(({ violationKw }) => violationKw > 0)
    assert.deepEqual(
      Object.fromEntries(exceeded.map(({ feederId, line, violationKw }) => [`${feederId} ${line}`, near(violationKw)])),
      unavoidable,
      `${then}: limits exceeded`,
    )
    for (const { violationKw, unavoidableKw } of exceeded) assert.equal(near(unavoidableKw), near(violationKw), then)
    for (const [targetId, kw] of Object.entries(shortfall))
      assert.equal(allocation.totals.shedShortfallKw[targetId], kw, then)
    before = new Map(allocation.devices.map(({ deviceId, powerKw }) => [deviceId, powerKw]))
    const faults = checkAllocation(problem, before).filter(
      (fault) => fault.kind === 'device' || near(fault.overKw) > near(fault.unavoidableKw),
    )
    assert.deepEqual(faults, [], then)
  }
}

const withPresent = (present: number | undefined): { present?: number } => (present === undefined ? {} : { present })
const near = (kw: number): number => Math.round(kw * 1e6) / 1e6
const sorted = (expected: Round['expected']): object =>
  Object.fromEntries(Object.entries(expected).toSorted(([one], [other]) => (one < other ? -1 : 1)))
