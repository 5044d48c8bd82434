import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { findPlant, plantIds, plantOfPanel, siteIsKnown, siteOfPlant } from './plant-repository.ts'
import { seedRoof } from './seeded-plant.fixture.ts'

describe('plants of the registry', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    await seedRoof(test.database, 3)
    await test.database.query(`update device set tilt_deg = 10, azimuth_deg = 90 where device_id = 'p-2'`)
    await test.database.query(`update device set status = 'pending' where device_id = 'p-3'`)
  })

  it('are sites with panels, and panels without a site', async () => {
    assert.deepEqual(await plantIds(test.database, '', 10), ['panel/alone', 'roof'])
    assert.deepEqual(await plantIds(test.database, 'panel/alone', 10), ['roof'])
    assert.deepEqual(await plantIds(test.database, '', 1), ['panel/alone'])
    assert.deepEqual(['roof', 'panel/alone'].map(siteOfPlant), ['roof', null])
  })

  it('have what the registry knows, and what is usual where it does not', async () => {
    const { plant, feederId, keyOf } = (await findPlant(test.database, 'roof'))!
    assert.deepEqual(
      plant.panels.map(({ panelId, tiltDeg, azimuthDeg, ratedW }) => [panelId, tiltDeg, azimuthDeg, ratedW]),
      [
        ['p-1', 23.55, 0, 400],
        ['p-2', 10, 90, 400],
      ],
    )
    assert.deepEqual([feederId, keyOf.size, plant.tariffBrlPerKwh], ['f-1', 2, 0.8])
    const alone = (await findPlant(test.database, 'panel/alone'))!
    assert.deepEqual([alone.plant.siteId, alone.plant.place, alone.feederId], ['panel/alone', null, null])
  })

  it('are none without panels', async () => {
    assert.equal(await findPlant(test.database, 'bare'), undefined)
    assert.equal(await findPlant(test.database, 'nowhere'), undefined)
    assert.deepEqual([await siteIsKnown(test.database, 'bare'), await siteIsKnown(test.database, 'nowhere')], [true, false]) // prettier-ignore
  })

  it('are found by their panels', async () => {
    assert.equal(await plantOfPanel(test.database, 'p-1'), 'roof')
    assert.equal(await plantOfPanel(test.database, 'alone'), 'panel/alone')
    assert.equal(await plantOfPanel(test.database, 'nobody'), undefined)
  })
})
