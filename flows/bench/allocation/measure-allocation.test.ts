import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'mocha'
import type { AllocationOptions } from '../options.ts'
import { baselines } from './baselines.ts'
import { patience, start } from './cases.samples.ts'
import { measureAllocation, scenarioFigures } from './measure-allocation.ts'

describe('measuring how capacity is shared', () => {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-sessions-'))
  after(() => rmSync(folder, { recursive: true }))
  const fileOf = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const options = (of: Partial<AllocationOptions>): AllocationOptions => ({
    ...{
      days: 1,
      seed: 1,
      intervalMinutes: 15,
      leastAmperes: 0,
      sessions: undefined,
      feeders: undefined,
      solves: 0,
      ...of,
    },
  })

  it('sets each method beside the offline optimum', async () => {
    const sessions = patience.charging.line.stays.map(({ session }) => session)
    const figures = await scenarioFigures(
      { name: 'patience', feeders: patience.charging.feeders, sessions, isNested: false },
      baselines,
      { intervalMs: 15 * 60_000, leastKwPerPhase: 0, progress: () => undefined },
    )
    assert.ok(Math.abs(figures.optimumKwh - 6) < 1e-6)
    assert.deepEqual(
      figures.measures.map(({ method, ofOptimum }) => [method, Math.round(ofOptimum * 600) / 100]),
      [
        ['first-come', 4],
        ['equal share', 5],
        ['earliest deadline', 6],
        ['least laxity', 6],
      ],
    )
  })

  it('names what is wrong with a file, before anything is measured', async () => {
    const session = { id: 'a', arrival: start, departure: start + 3_600_000, energyKwh: 'much', maxKw: 7 }
    const sessions = fileOf('sessions.json', [session])
    await assert.rejects(
      measureAllocation(options({ sessions }), assert.fail),
      /sessions\.json\[0\]\.energyKwh is "much"/,
    )
    const good = fileOf('good.json', [{ ...session, energyKwh: 5 }])
    const feeders = fileOf('tree.json', [{ feederId: 'a', parentFeederId: 'b' }])
    await assert.rejects(
      measureAllocation(options({ sessions: good, feeders }), assert.fail),
      /tree\.json\[0\]\.parentFeederId is "b": there is no such feeder/,
    )
  })
})
