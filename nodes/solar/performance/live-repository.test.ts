import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { enterChanges } from '../anomalies/anomaly-repository.ts'
import type { Anomaly, AnomalyChange } from '../domain/detectors/anomaly.ts'
import { noYield } from '../domain/performance.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { dayMs, june, juneBegins, seedRoof } from '../slots/seeded-plant.fixture.ts'
import { writeDay } from './day-repository.ts'
import { livePanels, solarVersion } from './live-repository.ts'
import { appendRound } from './round-repository.ts'

const tomorrow = { day: '2026-06-11', beginsAt: juneBegins + dayMs }
const soiling: Anomaly = {
  ...{ siteId: 'roof', panelId: 'p-1', panelIds: ['p-1'], kind: 'soiling', severity: 'low', since: juneBegins },
  evidence: [{ feature: 'power_ratio', value: 0.9, expected: 1, unit: '1', since: juneBegins }],
  recommendations: ['clean'],
}
const trip: Anomaly = {
  ...{ siteId: 'roof', panelId: null, panelIds: ['p-1', 'p-2'], kind: 'inverter_trip', severity: 'high' },
  ...{ since: juneBegins + dayMs, evidence: [], recommendations: ['check-inverter'] },
}

describe('panels with their newest day', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let keyOf: ReadonlyMap<string, number>

  const enter = (change: AnomalyChange['change'], at: number, anomaly: Anomaly) =>
    enterChanges(test.database, 'roof', keyOf, [{ change, at, anomaly }])

  before(async () => {
    const { database } = test
    await seedRoof(database, 3)
    keyOf = (await findPlant(database, 'roof'))!.keyOf
    const alone = (await findPlant(database, 'panel/alone'))!
    await database.query(`select ensure_partition('solar_panel_day', to_timestamp($1::float8 / 1000))`, [juneBegins])
    const sums = { ...noYield, hours: 24, energyWh: 1_800, expectedWh: 2_000, daylightWh: 1_800 }
    const panelOf = (deviceKey: number) => ({ deviceKey, ratedW: 400, sums })
    const today = { day: june, beginsAt: juneBegins, isFinal: true, tariffBrlPerKwh: null }
    const ofRoof = ['p-1', 'p-2'].map((panelId) => panelOf(keyOf.get(panelId)!))
    await writeDay(database, { ...today, plantId: 'roof', panels: ofRoof })
    await writeDay(database, { ...today, ...tomorrow, isFinal: false, plantId: 'roof', panels: ofRoof.slice(0, 1) })
    await writeDay(database, { ...today, plantId: 'panel/alone', panels: [panelOf(alone.keyOf.get('alone')!)] })
  })

  it('are those that have one, each once, with where they are', async () => {
    const rows = await livePanels(test.database, juneBegins, 10)
    assert.deepEqual(
      rows.map(({ panelId, siteId, feederId, day, isFinal }) => [panelId, siteId, feederId, day, isFinal]),
      [
        ['alone', null, null, june, true],
        ['p-1', 'roof', 'f-1', tomorrow.day, false],
        ['p-2', 'roof', 'f-1', june, true],
      ],
    )
    const { ratedW, hours, energyWh, expectedWh, referenceWh, anomalies } = rows[0]!
    assert.deepEqual([ratedW, hours, energyWh, expectedWh, referenceWh, anomalies], [400, 24, 1_800, 2_000, 0, []])
  })

  it('are no more than asked for, and of no day that began before', async () => {
    const namesOf = async (since: number, most: number) =>
      (await livePanels(test.database, since, most)).map(({ panelId }) => panelId)
    assert.deepEqual(await namesOf(juneBegins, 2), ['alone', 'p-1'])
    assert.deepEqual(await namesOf(juneBegins + 1, 10), ['p-1'])
    assert.deepEqual(await namesOf(tomorrow.beginsAt + 1, 10), [])
  })

  it("come with what lasts of them and of their whole site, the gravest first, and with nobody else's", async () => {
    await enter('begun', juneBegins + dayMs, soiling)
    await enter('begun', juneBegins + dayMs, trip)
    const amiss = async () =>
      (await livePanels(test.database, juneBegins, 10)).map(({ panelId, anomalies }) => [
        panelId,
        ...anomalies.map(({ kind, since }) => [kind, since]),
      ])
    const tripped = ['inverter_trip', trip.since]
    assert.deepEqual(await amiss(), [['alone'], ['p-1', tripped, ['soiling', soiling.since]], ['p-2', tripped]])
    await enter('ended', juneBegins + dayMs + 1, trip)
    assert.deepEqual(await amiss(), [['alone'], ['p-1', ['soiling', soiling.since]], ['p-2']])
    const [, ofOne] = await livePanels(test.database, juneBegins, 10)
    assert.deepEqual(ofOne!.anomalies[0]!.evidence, soiling.evidence)
  })

  it('have another version after each thing that was computed, began, changed or ended, and none without', async () => {
    const { database } = test
    const at = juneBegins + 2 * dayMs
    const versions = [await solarVersion(database)]
    const round = { plantId: 'roof', from: at, to: at, slots: 0, civilDay: tomorrow, panels: 1, recordedAt: at }
    for (const happens of [
      () => appendRound(database, round),
      () => enter('begun', at, trip),
      () => enter('updated', at + 1, { ...trip, severity: 'critical' }),
      () => enter('ended', at + 2, trip),
    ]) {
      await happens()
      versions.push(await solarVersion(database))
      assert.equal(await solarVersion(database), versions.at(-1))
    }
    assert.equal(new Set(versions).size, 5, versions.join('; '))
  })
})
