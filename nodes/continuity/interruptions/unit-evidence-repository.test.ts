import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import {
  closed,
  lost,
  minuteMs,
  noon,
  opened,
  restored,
  SuppliedField,
  type GivenEvent,
} from './supplied-field.fixture.ts'
import { unitsOfEvents } from './unit-evidence-repository.ts'

describe('what meters say of an interruption of the network that is known', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let field: SuppliedField

  before(async () => {
    field = new SuppliedField(test)
    await field.build()
    field.keeper()
    await field.store([opened('sw-a2', 10)])
    await field.store([opened('sw-b3', 10)])
    await field.store([closed('sw-b3', 40)])
    await field.store([opened('sw-b2', 20, 'BC'), closed('sw-b2', 30, 'BC')])
    await field.settled()
    await field.stop()
  })

  /** Units of which the events of one more commit tell something, with the minute of the first. */
  const news = async (...events: GivenEvent[]): Promise<[string, number][]> => {
    await field.store(events)
    const batches = await test.database.query<{ id: number; firstAt: number }>(
      `select batch_id::float8 as id, extract(epoch from first_at)::float8 * 1000 as "firstAt"
       from batch_log order by position desc limit 1`,
    )
    const { id, firstAt } = batches[0]!
    const units = await test.database.transaction((client) =>
      unitsOfEvents(client, { batchIds: [id], firstAt, toleranceMs: 10_000 }),
    )
    return units
      .toSorted((one, other) => (one.unitId < other.unitId ? -1 : 1))
      .map(({ unitId, from }) => [unitId, (from - noon) / minuteMs])
  }

  it('is no news where it is the same: when it was lost, while it lasts, and when it came back', async () => {
    assert.deepEqual(await news(lost('m-a2-1-1', 9.9), lost('m-a2-1-2', 10.1), lost('m-a3-1-1', 30)), [])
    assert.deepEqual(await news(restored('m-b3-1-1', 39.9), restored('m-b3-1-2', 40.1)), [])
  })

  it('is news where it differs: of others, before, of some phases, or back while it lasts', async () => {
    assert.deepEqual(await news(lost('m-a1-1-1', 10.1)), [['a1-1-1', 10.1]])
    assert.deepEqual(await news(lost('m-a2-2-1', 9.5)), [['a2-2-1', 9.5]])
    assert.deepEqual(await news(lost('m-a2-2-2', 10.1, { phases: 'A' })), [['a2-2-2', 10.1]])
    assert.deepEqual(await news(restored('m-b3-2-1', 41), restored('m-b3-2-2', 30)), [
      ['b3-2-1', 41],
      ['b3-2-2', 30],
    ])
  })

  it('is news where switches took only some of its phases, and the meter speaks of all', async () => {
    assert.deepEqual(await news(lost('m-b2-1-1', 25), restored('m-b2-1-2', 30)), [
      ['b2-1-1', 25],
      ['b2-1-2', 30],
    ])
  })

  it('is news where the same meter has told of supply since', async () => {
    assert.deepEqual(await news(restored('m-a3-2-1', 20)), [['a3-2-1', 20]])
    assert.deepEqual(await news(lost('m-a3-2-1', 10.1)), [['a3-2-1', 10.1]])
  })
})
