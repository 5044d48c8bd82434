import assert from 'node:assert/strict'
import { ApiFault } from '../../connection/api.ts'
import { askHealth, mostBehind, partsDown, type PlatformHealth } from './platform-health.ts'

const well: PlatformHealth = { status: 'ok', db: 'up', mqtt: 'up', influx: 'off' }

describe('the health of the platform', () => {
  it('is what it says, also where it says that it does not work', async () => {
    assert.deepEqual(await askHealth(async () => well), well)
    const ill: PlatformHealth = { ...well, status: 'degraded', db: 'down' }
    const refusing = async (): Promise<PlatformHealth> => Promise.reject(new ApiFault(503, 'x', [], ill))
    assert.deepEqual(await askHealth(refusing), ill)
  })

  it('is not known where nobody says it', async () => {
    for (const fault of [
      new ApiFault(0, 'fetch failed'),
      new ApiFault(503, 'starting'),
      new ApiFault(503, 'x', [], {}),
    ])
      await assert.rejects(
        askHealth(() => Promise.reject(fault)),
        fault,
      )
  })

  it('names the parts that are down', () => {
    assert.deepEqual(partsDown(well), [])
    assert.deepEqual(partsDown({ ...well, mqtt: 'down', influx: 'down', controlLoop: { status: 'stalled' } }), [
      ...['mqtt', 'influx', 'control'],
    ])
  })

  it('names who is most behind', () => {
    const behind = (readingsBehind: number) => ({ batchesBehind: 1, readingsBehind })
    assert.deepEqual(mostBehind({ ...well, consumers: { a: behind(0), b: behind(9), c: behind(3) } }), {
      ...{ name: 'b', readings: 9 },
    })
    assert.equal(mostBehind(well), undefined)
  })
})
