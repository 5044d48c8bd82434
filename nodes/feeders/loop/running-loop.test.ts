import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { noon } from './control-loop.fixture.ts'
import type { RoundOutcome } from './control-loop.ts'
import { runLoop } from './running-loop.ts'
import { seedDevices, seedFeeders, seedReadings, setLimit } from './seeded-town.fixture.ts'

describe('the control loop as the environment says it', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const modeBefore = process.env['CONTROL_ALLOCATION_MODE']

  before(async () => {
    platformClock.set({ at: noon, rate: 1 })
    await seedFeeders(test.database)
    await seedDevices(
      test.database,
      ['ev-1', 'ev-2'].map((deviceId) => ({ deviceId, feederId: 'f-1' })),
    )
    await setLimit(test.database, 'f-0', 8)
  })
  after(() => {
    platformClock.set(undefined)
    if (modeBefore === undefined) delete process.env['CONTROL_ALLOCATION_MODE']
    else process.env['CONTROL_ALLOCATION_MODE'] = modeBefore
  })

  for (const mode of ['heuristic', 'optimizer', 'mpc'] as const)
    it(`shares out by ${mode}`, async () => {
      process.env['CONTROL_ALLOCATION_MODE'] = mode
      const car = { plugged_in: 'yes', energy_needed_kwh: 20, departs_at: new Date(noon + 7_200_000).toISOString() }
      await seedReadings(test.database, ['ev-1', 'ev-2'], platformClock.now(), { measures: car })
      const outcomes: RoundOutcome[] = []
      const errors: unknown[] = []
      const loop = runLoop(test.database, mode, {
        setpoints: () => undefined,
        allocated: (outcome) => void outcomes.push(outcome),
        progress: () => undefined,
        report: (error) => void errors.push(error),
      })
      try {
        const { allocation } = await waitUntil('a round', () => {
          assert.deepEqual(errors, [])
          return outcomes.find(({ rootId }) => rootId === 'f-0')
        })
        assert.deepEqual([allocation.mode, allocation.fallback], [mode, null])
        const total = allocation.devices.reduce((sum, { powerKw }) => sum + powerKw, 0)
        assert.ok(total > 7.3 && total <= 8 + 1e-9, `${total} kW`)
      } finally {
        await loop.close()
      }
    })
})
