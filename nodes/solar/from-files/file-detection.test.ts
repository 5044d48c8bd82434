import assert from 'node:assert/strict'
import { detectInFile, growFileForest, type FilePlant } from './file-detection.ts'
import { fileBegin, fileOf, type FileStory } from './panel-file.fixture.ts'
import { panelRows } from './panel-file.ts'
import { slotsOf } from './slot-means.ts'

const plant: FilePlant = { place: null, ratedW: 400, ratedV: 41, tiltDeg: null, azimuthDeg: null }
const slots = (story: FileStory) =>
  slotsOf(panelRows(fileOf(story), { columns: new Map(), labels: undefined, utcOffsetMinutes: null }), () => undefined)

describe('detectors on a file', function () {
  this.timeout(60_000)
  const healthy: FileStory = { panels: 4, days: 3, stepS: 300 }
  /** The second panel is dead from the noon of the second day on. */
  const dead: FileStory = {
    ...healthy,
    report: (panel, hours) =>
      panel === 2 && hours >= 36 ? { power_output_watts: 0, current_amperes: 0, voltage_volts: 0 } : {},
  }

  it('find nothing in a healthy one', async () => {
    const { anomalies, panels, slots: count, from, to, expected } = await detectInFile(slots(healthy), plant, null)
    assert.deepEqual(anomalies, [])
    assert.deepEqual(panels, ['p-1', 'p-2', 'p-3', 'p-4'])
    assert.deepEqual([count, from, to], [4 * 3 * 288, fileBegin, fileBegin + 3 * 86_400_000])
    assert.ok(expected.measured > 0.4 * count)
  })

  it('find a dead panel, when it could be known, and that it lasts', async () => {
    const { anomalies } = await detectInFile(slots(dead), plant, null)
    const zero = anomalies.filter(({ anomaly }) => anomaly.kind === 'zero_output')
    assert.deepEqual(
      zero.map(({ anomaly, endedAt }) => [anomaly.panelId, endedAt]),
      [['p-2', null]],
    )
    const noon = fileBegin + 36 * 3_600_000
    assert.ok(Math.abs(zero[0]!.anomaly.since - noon) <= 300_000)
    assert.ok(zero[0]!.foundAt > noon && zero[0]!.foundAt <= noon + 3_600_000)
  })

  it('grow a forest from what is healthy, which finds it usual', async () => {
    const grown = (await growFileForest(slots(dead), plant))!
    const lit = 4 * 3 * 12 * 12
    assert.ok(grown.samples > 0.7 * lit && grown.samples < lit, `${grown.samples} of ${lit}`)
    assert.deepEqual((await detectInFile(slots(healthy), plant, grown.trained)).anomalies, [])
    assert.equal(await growFileForest(slots({ ...healthy, panels: 1, days: 0.4 }), plant), null)
  })

  it('tell of nothing of an empty file', async () => {
    const { from, to, slots: count } = await detectInFile(slots({ ...healthy, days: 0 }), plant, null)
    assert.deepEqual([from, to, count], [null, null, 0])
  })
})
