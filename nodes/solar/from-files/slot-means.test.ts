import assert from 'node:assert/strict'
import type { PanelRow } from './panel-file.ts'
import { slotsOf, type FileSlot } from './slot-means.ts'

const minuteMs = 60_000
const begin = Date.UTC(2026, 0, 1, 12)
const row = (minutes: number, powerW: number | null, panelId = 'p', label = ''): PanelRow => ({
  ...{ line: 1, at: begin + minutes * minuteMs, panelId, measures: [40, 35, null, powerW, null], label },
})
async function slots(rows: readonly PanelRow[]): Promise<FileSlot[]> {
  async function* given() {
    yield* rows
  }
  const found: FileSlot[] = []
  for await (const slot of slotsOf(given(), (label) => label || undefined)) found.push(slot)
  return found
}
/** Minute of each slot with the mean power of a panel. */
const powers = (found: readonly FileSlot[], panelId = 'p') =>
  found.map(({ at, panels }) => [(at - begin) / minuteMs, panels.get(panelId)?.powerW])

describe('means of 5 minutes', () => {
  it('are of the rows that begin within them, with their least and highest power', async () => {
    const found = await slots([row(0, 100), row(1, 300), row(4.9, null), row(5, 50)])
    assert.deepEqual(powers(found), [
      [0, 200],
      [5, 50],
    ])
    assert.deepEqual(found[0]!.panels.get('p'), {
      ...{ at: begin, temperatureC: 40, voltageV: 35, currentA: null, powerW: 200, lowestW: 100, highestW: 300 },
      ...{ samples: 3, irradianceWm2: null },
    })
  })

  it('are of the row that lasts over them, where rows are further apart', async () => {
    const found = await slots([row(0, 100), row(15, 200), row(30, 300)])
    assert.deepEqual(powers(found), [
      ...[
        [0, 100],
        [5, undefined],
        [10, undefined],
      ],
      ...[
        [15, 200],
        [20, 200],
        [25, 200],
      ],
      ...[
        [30, 300],
        [35, 300],
        [40, 300],
      ],
    ])
  })

  it('of several panels stand together, and of silence are empty, for a day at the most', async () => {
    const found = await slots([row(0, 1, 'a'), row(0, 2, 'b'), row(5, 3, 'a'), row(20, 4, 'b')])
    assert.deepEqual(powers(found, 'b'), [
      [0, 2],
      [5, undefined],
      [10, undefined],
      [15, undefined],
      [20, 4],
    ])
    assert.equal((await slots([row(0, 1), row(5, 1), row(60 * 24 * 400, 1)])).length, 3)
  })

  it('carry the label of any of their rows', async () => {
    const found = await slots([row(0, 1), row(1, 1, 'p', 'soiling'), row(2, 1), row(5, 1)])
    assert.deepEqual(
      found.map(({ labels }) => [...labels]),
      [[['p', 'soiling']], []],
    )
  })

  it('are none of rows that repeat one, or are too far apart', async () => {
    await assert.rejects(
      slots([row(0, 1), row(0, 2)]),
      /timestamp "2026-01-01T12:00:00.000Z" repeats that of line 1, of panel p/,
    )
    const hourly = Array.from({ length: 30 }, (_, index) => row(60 * index, 1))
    await assert.rejects(slots(hourly), /rows of panel p are 3600 s apart: they are to be 1 s to 900 s/)
  })

  it('of no rows are none', async () => assert.deepEqual(await slots([]), []))
})
