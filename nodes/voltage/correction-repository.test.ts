import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { correctionsOfUnit } from './correction-repository.ts'
import { begin, KeptField, minuteMs } from './window-keeper.fixture.ts'

describe('corrections of windows, as they stand', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const until = begin + 60 * minuteMs
  let field: KeptField
  const listed = (limit: number, last?: { start: number; changed: number }, unit = 'u-1') =>
    correctionsOfUnit(test.database, unit, { from: begin, until, after: last, limit })

  before(async () => {
    field = new KeptField(test.database)
    await field.unit('u-1')
    await field.unit('u-2')
    field.now = begin + 40 * minuteMs
    field.keeper()
    // Each comes after the window was closed.
    for (const [minute, volts] of [
      [20, 210],
      [10, 200],
      [5, 240],
    ] as const) {
      await field.settled()
      await field.store([{ meter: 'u-1', at: begin + minute * minuteMs, volts: [volts, null, null], intervalS: 300 }])
    }
    await field.settled()
    assert.deepEqual(field.errors, [])
  })
  after(() => field.stop())

  it('are listed by window, and of one window in their order; what there was at first is nothing', async () => {
    const all = await listed(10)
    assert.deepEqual(
      all.map(({ start, before: was, after: now }) => [
        (start - begin) / minuteMs,
        was?.coverage ?? null,
        now.coverage,
      ]),
      [
        [0, null, 0.5],
        [0, 0.5, 1],
        [10, null, 0.5],
      ],
    )
    assert.ok(all.every(({ deviceId, batchId }) => deviceId === 'u-1' && batchId !== null))
  })

  it('go on after the last one seen', async () => {
    const [first, ...rest] = await listed(10)
    assert.deepEqual(await listed(1), [first])
    assert.deepEqual(await listed(10, first), rest)
  })

  it('are of the unit that is asked for', async () => assert.deepEqual(await listed(10, undefined, 'u-2'), []))
})
