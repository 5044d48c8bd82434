import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { featureRows } from '../domain/forest/features.ts'
import { forestFromBytes } from '../domain/forest/forest-bytes.ts'
import { scoreRows } from '../domain/forest/score.ts'
import { forestSeed } from '../domain/forest/seed.ts'
import type { PanelSample } from '../domain/plant.ts'
import { readForest, sitesToTrain } from './forest-repository.ts'
import { openScoring } from './scoring.ts'
import { healthySample } from './scoring.samples.ts'
import { seedSites } from './site.fixture.ts'
import { trainSite, type HealthyHistory, type SiteTraining } from './train-site.ts'

const dayMs = 24 * 3_600_000
const now = Date.UTC(2026, 5, 30)

/** So many samples before `now`, in pieces. */
const history = (count: number): HealthyHistory =>
  async function* (_, from, to) {
    const all = Array.from({ length: count }, (__, n) => healthySample(n, to - count * 300_000))
    assert.equal(from, to - 30 * dayMs)
    for (let n = 0; n < count; n += 500) yield all.slice(n, n + 500)
  }

describe('the forest of a site', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const scoring = openScoring()
  const neverAborted = new AbortController().signal
  const training: SiteTraining = { scoring, healthyHistory: history(2_100), quantile: 0.99 }
  const siteNow = async (siteId: string) => (await sitesToTrain(test.database)).find((one) => one.siteId === siteId)!
  const train = async (siteId: string, at: number, how: Partial<SiteTraining> = {}, signal = neverAborted) =>
    trainSite(test.database, await siteNow(siteId), { ...training, ...how }, at, signal)
  before(() => seedSites(test.database, 'good', 'new', 'broken', 'ended', 'short'))
  after(() => scoring.close())

  it('is grown of its healthy history, and tells what is unlike it', async () => {
    assert.deepEqual(await train('good', now), { siteId: 'good', outcome: 'trained', samples: 2_100, days: 8 })
    const forest = (await readForest(test.database, 'good', 1))!
    const { trainedAt, from, to, seen, samples, seed, quantile, threshold } = forest
    assert.deepEqual([trainedAt, from, to, seen, samples], [now, now - 30 * dayMs, now, 2_100, 2_100])
    assert.deepEqual([seed, quantile], [forestSeed('good', 1), 0.99])
    const odd = { ...healthySample(30), voltageV: 14, powerW: 120 }
    const [unusual, usual] = scoreRows(forestFromBytes(forest.trees), featureRows([odd, healthySample(30)]))
    assert.ok(unusual! > threshold && usual! < threshold, `${usual} < ${threshold} < ${unusual}`)
  })

  it('is grown again a week later, as its next version, with another seed', async () => {
    assert.equal(await train('good', now + 7 * dayMs - 1), undefined)
    assert.equal((await train('good', now + 7 * dayMs))!.outcome, 'trained')
    const [one, two] = [await readForest(test.database, 'good', 1), await readForest(test.database, 'good', 2)]
    assert.equal(two!.trainedAt, now + 7 * dayMs)
    assert.notDeepEqual(one!.seed, two!.seed)
  })

  for (const [siteId, count, days] of [
    ['new', 1_999, 7],
    ['short', 0, 0],
  ] as const)
    it(`waits for more history than ${count} samples`, async () => {
      const ended = await train(siteId, now, { healthyHistory: history(count) })
      assert.deepEqual(ended, { siteId, outcome: 'too_little_history', samples: count, days })
      assert.equal(await readForest(test.database, siteId, 1), undefined)
      assert.equal(await train(siteId, now + dayMs - 1), undefined)
      assert.equal((await train(siteId, now + dayMs))!.outcome, 'trained')
    })

  it('waits for more days than four, however many samples they had', async () => {
    const crowded: HealthyHistory = async function* () {
      yield Array.from({ length: 3_000 }, (_, n): PanelSample => ({ ...healthySample(n), at: now - (n % 4) * dayMs }))
    }
    const ended = await train('short', now + 30 * dayMs, { healthyHistory: crowded })
    assert.deepEqual([ended!.outcome, ended!.days], ['too_little_history', 4])
  })

  it('that could not be grown is tried again an hour later, with the reason kept', async () => {
    const bad: HealthyHistory = async function* () {
      yield Array.from({ length: 3_000 }, (_, n): PanelSample => ({ ...healthySample(n), powerW: NaN }))
    }
    const ended = (await train('broken', now, { healthyHistory: bad }))!
    assert.deepEqual([ended.outcome, ended.reason], ['failed', 'powerW of a sample is NaN'])
    assert.equal(await train('broken', now + 1), undefined)
    assert.equal((await train('broken', now + 3_600_000))!.outcome, 'trained')
  })

  it('that is broken off is begun again an hour later', async () => {
    const control = new AbortController()
    const long: HealthyHistory = async function* () {
      yield [healthySample(1)]
      control.abort(new Error('the node closes'))
      yield [healthySample(2)]
    }
    await assert.rejects(train('ended', now, { healthyHistory: long }, control.signal), /the node closes/)
    assert.deepEqual((await siteNow('ended')).last, { at: now, outcome: 'begun' })
    assert.equal(await train('ended', now + 1), undefined)
    assert.equal((await train('ended', now + 3_600_000))!.outcome, 'trained')
  })
})
