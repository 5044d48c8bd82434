import assert from 'node:assert/strict'
import { allocateHeuristic } from '../domain/allocation/heuristic.ts'
import { problemOf } from '../domain/allocation/problem.fixture.ts'
import type { Problem } from '../domain/allocation/problem.ts'
import { openSolving, SolvingFailed } from './solver.ts'
import type { Solving } from './solver.ts'

const two = problemOf(
  [{ id: 'f', import: 8 }],
  [
    { id: 'a', feeder: 'f', kind: 'ev', until: 7 },
    { id: 'b', feeder: 'f', kind: 'ev', until: 7, weight: 3 },
  ],
)
/** Long enough for a busy machine, and only waited for where something hangs. */
const settings = { timeoutMs: 30_000, largeFrom: 0 }
const hasty = { timeoutMs: 150, largeFrom: 0 }
const failing = new URL('./failing-thread.fixture.js', import.meta.url)

describe('solving in a thread of its own', function () {
  this.timeout(60_000)
  let solving: Solving
  afterEach(() => solving.close())

  it('answers in each mode, with the machine time that it took', async () => {
    solving = openSolving()
    for (const mode of ['heuristic', 'optimizer', 'mpc'] as const) {
      const allocation = await solving.solveAllocation(mode, two, settings)
      assert.equal(allocation.mode, mode)
      assert.equal(allocation.fallback, null)
      assert.ok(allocation.solverMs > 0)
      assert.deepEqual(
        allocation.devices.map(({ powerKw }) => powerKw),
        allocateHeuristic(two).devices.map(({ powerKw }) => powerKw),
      )
    }
  })

  it('refuses a problem with faults as the caller would, and goes on', async () => {
    solving = openSolving()
    await assert.rejects(solving.solveAllocation('optimizer', { ...two, stepKw: -1 }, settings), {
      name: 'RangeError',
      message: /stepKw must be above 0/,
    })
    assert.equal((await solving.solveAllocation('optimizer', two, settings)).fallback, null)
  })

  it('answers what is asked at once one after the other, as asked', async () => {
    solving = openSolving()
    const limits = [2, 4, 6, 8]
    const allocations = await Promise.all(
      limits.map((kw) =>
        solving.solveAllocation(
          'optimizer',
          { ...two, feeders: problemOf([{ id: 'f', import: kw }], []).feeders },
          settings,
        ),
      ),
    )
    assert.deepEqual(
      allocations.map(({ totals }) => totals.consumedKw),
      limits,
    )
  })

  it('refuses more than can wait', async () => {
    solving = openSolving()
    const asked = Array.from({ length: 40 }, () => solving.solveAllocation('heuristic', two, settings))
    const results = await Promise.allSettled(asked)
    const refused = results.filter((result) => result.status === 'rejected')
    assert.ok(refused.length >= 20 && refused.length < 40, `${refused.length} of 40 were refused`)
    for (const { reason } of refused) {
      assert.ok(reason instanceof SolvingFailed)
      assert.match(reason.message, /one too many/)
    }
  })

  it('gives up what is aborted, and solves the next', async () => {
    solving = openSolving()
    const control = new AbortController()
    const given = solving.solveAllocation('optimizer', two, settings, control.signal)
    const next = solving.solveAllocation('optimizer', two, settings)
    control.abort(new Error('the lease is lost'))
    await assert.rejects(given, /the lease is lost/)
    assert.equal((await next).mode, 'optimizer')
    await assert.rejects(solving.solveAllocation('optimizer', two, settings, control.signal), /the lease is lost/)
  })

  const every = (intervalMs: number): Problem => ({ ...two, intervalMs })
  for (const [what, intervalMs, timing, reason] of [
    ['takes too long', 1, hasty, 'no solution within 150 ms'],
    ['throws', 2, settings, 'Aborted(memory access out of bounds)'],
    ['ends its thread', 3, settings, 'the solving thread ended with code 7'],
  ] as const) {
    it(`has the heuristic answer, with the reason, when a solver ${what}; the next is solved as ever`, async () => {
      solving = openSolving(failing)
      const { fallback, devices } = await solving.solveAllocation('optimizer', every(intervalMs), timing)
      assert.deepEqual(fallback, { asked: 'optimizer', reason })
      assert.deepEqual(devices, allocateHeuristic(two).devices)
      const next = await solving.solveAllocation('optimizer', every(60_000), settings)
      assert.equal(next.fallback?.reason, 'no need')
    })
  }

  it('replaces a thread that says it is broken', async () => {
    solving = openSolving(failing)
    for (let round = 0; round < 3; round++)
      assert.equal((await solving.solveAllocation('mpc', every(4), settings)).fallback?.asked, 'mpc')
  })

  it('fails with the reason where not even the heuristic answers, and not for ever', async () => {
    solving = openSolving(failing)
    await assert.rejects(solving.solveAllocation('heuristic', every(5), hasty), {
      name: 'SolvingFailed',
      message: 'no solution within 5000 ms',
    })
  })

  it('once closed refuses what waits, what is being solved and what comes', async () => {
    solving = openSolving(failing)
    const stuck = [1, 60_000].map((intervalMs) => solving.solveAllocation('optimizer', every(intervalMs), settings))
    const refused = stuck.map((given) => assert.rejects(given, /solving has been closed/))
    await solving.close()
    await Promise.all(refused)
    await assert.rejects(solving.solveAllocation('optimizer', two, settings), /solving has been closed/)
    await solving.close()
  })
})
