import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { calibratedScore, unusualFrom } from '../domain/forest/calibration.ts'
import { featureRows } from '../domain/forest/features.ts'
import { forestFromBytes, forestToBytes } from '../domain/forest/forest-bytes.ts'
import { growForest } from '../domain/forest/grow.ts'
import { scoreRows } from '../domain/forest/score.ts'
import type { PanelSample } from '../domain/plant.ts'
import { writeForest } from './forest-repository.ts'
import { openScoring, type Scoring } from './scoring.ts'
import { cloudRows, healthySample } from './scoring.samples.ts'
import { SiteForests } from './site-forests.ts'

const samples = Array.from({ length: 6 }, (_, n) => healthySample(n))
const silent: PanelSample = {
  ...{ at: 0, temperatureC: null, voltageV: null, currentA: null, powerW: null, samples: 0, irradianceWm2: null },
}

describe('forests of sites', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let scoring: Scoring
  let reported: unknown[] = []
  let forests: SiteForests
  const write = async (siteId: string, version: number, trees: Uint8Array) =>
    writeForest(test.database, {
      ...{ siteId, version, trainedAt: version, seed: 1, from: 0, to: 1, seen: 200, samples: 200 },
      ...{ threshold: 0.6 + version / 100, quantile: 0.99, trees },
    })
  const trees = (seed: number): Uint8Array => forestToBytes(growForest(cloudRows(200), { seed, trees: 20 }))

  beforeEach(() => {
    reported = []
    scoring = openScoring()
    forests = new SiteForests(test.database, scoring, (error) => void reported.push(error))
  })
  afterEach(() => scoring.close())

  it('say nothing of a site that has none', async () => assert.equal(await forests.scoresOf('nowhere', samples), null))

  it('score samples by the newest one, in their order, null where nothing is known', async () => {
    await write('one', 1, trees(1))
    const first = await forests.scoresOf('one', samples)
    assert.equal(first!.version, 1)
    await write('one', 2, trees(2))
    const { version, scores } = (await forests.scoresOf('one', [...samples, silent]))!
    assert.equal(version, 2)
    const raw = [...scoreRows(forestFromBytes(trees(2)), featureRows(samples))]
    assert.deepEqual(scores, [...raw.map((score) => calibratedScore(score, 0.62)), null])
    assert.deepEqual(
      raw.map((score) => score > 0.62),
      scores.slice(0, 6).map((score) => score! > unusualFrom),
    )
    assert.deepEqual((await forests.scoresOf('one', []))!.scores, [])
    assert.deepEqual(reported, [])
  })

  it('that are damaged are reported, and score nothing, until there is another one', async () => {
    await write('two', 1, trees(1).subarray(0, 60))
    assert.equal(await forests.scoresOf('two', samples), null)
    assert.match(String(reported), /the forest is cut off/)
    await write('two', 2, trees(1))
    assert.equal((await forests.scoresOf('two', samples))!.scores.length, 6)
  })

  it('are not waited for by the rules where the thread does not answer', async () => {
    await write('three', 1, trees(1))
    await scoring.close()
    assert.equal(await forests.scoresOf('three', samples), null)
    assert.match(String(reported), /scoring has been closed/)
  })

  it('end with the signal', async () => {
    await write('four', 1, trees(1))
    const reason = new Error('the node closes')
    await assert.rejects(forests.scoresOf('four', samples, AbortSignal.abort(reason)), /the node closes/)
    assert.deepEqual(reported, [])
  })

  it('refuse a measure that is no number', async () => {
    await write('five', 1, trees(1))
    await assert.rejects(forests.scoresOf('five', [{ ...samples[0]!, powerW: NaN }]), /powerW of a sample is NaN/)
  })
})
