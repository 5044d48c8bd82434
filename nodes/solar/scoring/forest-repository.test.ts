import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { forestToBytes } from '../domain/forest/forest-bytes.ts'
import { growForest } from '../domain/forest/grow.ts'
import {
  claimTraining,
  endTraining,
  newestVersion,
  readForest,
  sitesToTrain,
  writeForest,
  type StoredForest,
} from './forest-repository.ts'
import { cloudRows } from './scoring.samples.ts'
import { seedSites } from './site.fixture.ts'

const now = Date.UTC(2026, 5, 1, 12, 0, 0, 123)
const forestOfSite = (version: number): StoredForest => ({
  ...{ siteId: 'north', version, trainedAt: now + version, seed: -version, from: now - 1_000, to: now },
  ...{ seen: 300, samples: 200, threshold: 0.7, quantile: 0.999 },
  trees: forestToBytes(growForest(cloudRows(200), { seed: version, trees: 20 })),
})

describe('forests of sites in the database', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => seedSites(test.database, 'north', 'south'))

  it('are for sites with active panels', async () =>
    assert.deepEqual(await sitesToTrain(test.database), [
      { siteId: 'north', last: null, version: 0 },
      { siteId: 'south', last: null, version: 0 },
    ]))

  it('are grown by one of those who saw that they were due', async () => {
    const seen = { siteId: 'south', last: null, version: 0 }
    const claims = await Promise.all([1, 2, 3].map(() => claimTraining(test.database, seen, now)))
    assert.equal(claims.filter((claimed) => claimed).length, 1)
    const south = async () => (await sitesToTrain(test.database)).find(({ siteId }) => siteId === 'south')!
    assert.deepEqual((await south()).last, { at: now, outcome: 'begun' })
    // Whoever reads it now may take it over when its time has come.
    assert.equal(await claimTraining(test.database, await south(), now + 1), true)
    assert.equal(await claimTraining(test.database, { ...seen, last: { at: now, outcome: 'begun' } }, now + 2), false)
    await endTraining(test.database, { siteId: 'south', outcome: 'failed', samples: 5, days: 1, reason: 'no memory' })
    assert.deepEqual((await south()).last, { at: now + 1, outcome: 'failed' })
    assert.equal(await claimTraining(test.database, await south(), now + 3), true)
    await endTraining(test.database, { siteId: 'south', outcome: 'too_little_history', samples: 5, days: 1 })
    const [attempt] = await test.database.query(`select outcome, samples, days, reason from solar_forest_attempt`)
    assert.deepEqual(attempt, { outcome: 'too_little_history', samples: 5, days: 1, reason: null })
  })

  it('come back as they were written, the newest by its version', async () => {
    assert.equal(await newestVersion(test.database, 'north'), undefined)
    for (const version of [1, 2]) await writeForest(test.database, forestOfSite(version))
    assert.equal(await newestVersion(test.database, 'north'), 2)
    const read = (await readForest(test.database, 'north', 2))!
    assert.deepEqual({ ...read, trees: Uint8Array.from(read.trees) }, forestOfSite(2))
    assert.equal(await readForest(test.database, 'north', 3), undefined)
    assert.equal((await sitesToTrain(test.database))[0]!.version, 2)
  })

  it('of a version that is there stay what they are', async () => {
    await writeForest(test.database, { ...forestOfSite(2), threshold: 0.9 })
    assert.equal((await readForest(test.database, 'north', 2))!.threshold, 0.7)
  })

  it('are kept for eight versions', async () => {
    for (let version = 3; version <= 10; version++) await writeForest(test.database, forestOfSite(version))
    const versions = await test.database.query<{ version: number }>(
      'select version from solar_forest_report where site_id = $1 order by version',
      ['north'],
    )
    assert.deepEqual(
      versions.map(({ version }) => version),
      [3, 4, 5, 6, 7, 8, 9, 10],
    )
  })

  it('of 200 trees of 256 rows take less than the table lets through', () => {
    const bytes = forestToBytes(growForest(cloudRows(2_000), { seed: 1 })).length
    assert.ok(bytes > 100_000 && bytes < 620_000, `${bytes} bytes`)
  })
})
