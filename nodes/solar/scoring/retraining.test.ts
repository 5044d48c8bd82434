import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import type { TrainingEnd } from './forest-repository.ts'
import { Retraining } from './retraining.ts'
import { openScoring } from './scoring.ts'
import { healthySample } from './scoring.samples.ts'
import { seedSites } from './site.fixture.ts'
import type { HealthyHistory } from './train-site.ts'

const now = Date.UTC(2026, 5, 30)
const healthyHistory: HealthyHistory = async function* (_, __, to) {
  yield Array.from({ length: 2_200 }, (___, n) => healthySample(n, to - 2_200 * 300_000))
}

describe('retraining', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const scoring = openScoring()
  after(() => scoring.close())
  const ended: TrainingEnd[] = []
  const faults: unknown[] = []
  const open = (clockIsSet: boolean, history = healthyHistory): Retraining =>
    new Retraining(test.database, {
      ...{ scoring, healthyHistory: history, quantile: 0.999, clock: { now: () => now }, clockIsSet: () => clockIsSet },
      ended: (training) => void ended.push(training),
      report: (error) => void faults.push(error),
    })
  before(() => seedSites(test.database, 'east', 'west'))

  it('waits until the clock is set', async () => {
    const retraining = open(false)
    await retraining.close()
    assert.deepEqual(await test.database.query('select from solar_forest_attempt'), [])
  })

  it('of two instances grows the forest of each site once', async () => {
    const instances = [open(true), open(true)]
    try {
      await waitUntil('both forests', () => ended.length === 2, 30_000)
    } finally {
      for (const instance of instances) await instance.close()
    }
    assert.deepEqual(ended.map(({ siteId, outcome }) => `${siteId} ${outcome}`).toSorted(), [
      'east trained',
      'west trained',
    ])
    assert.deepEqual(faults, [])
    const stored = await test.database.query('select site_id, version from solar_forest_report order by site_id')
    assert.deepEqual(stored, [
      { site_id: 'east', version: 1 },
      { site_id: 'west', version: 1 },
    ])
  })

  it('ends in the middle of a history', async () => {
    await test.database.query('delete from solar_forest_attempt')
    let isRead = false
    const endless: HealthyHistory = async function* () {
      for (;;) {
        yield [healthySample(1)]
        isRead = true
        await new Promise(setImmediate)
      }
    }
    const retraining = open(true, endless)
    await waitUntil('the history', () => isRead, 30_000)
    await retraining.close()
    assert.deepEqual(await test.database.query('select outcome from solar_forest_attempt'), [{ outcome: 'begun' }])
    assert.deepEqual(faults, [])
  })
})
