import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { noon } from './control-loop.fixture.ts'
import type { Gathered } from './gather.ts'
import { headsSince } from './head-repository.ts'
import { RoundWatch } from './round-watch.ts'
import { seedFeeders, seedReadings } from './seeded-town.fixture.ts'

const minuteMs = 60_000

describe('when a round is due', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let watch: RoundWatch
  before(async () => {
    await seedFeeders(test.database)
    await test.database.query(
      `insert into device (device_id, kind, status, feeder_id, first_seen_at) values ('head', 'meter', 'active', 'f-0', to_timestamp(0))`,
    )
  })
  beforeEach(async () => {
    await test.database.query('delete from latest_reading')
    watch = new RoundWatch(test.database, minuteMs)
  })
  const limit = { line: 'total', direction: 'import', limitKw: 10, source: 'registry', expiresAt: null } as const
  const gathered = (nextChangeAt: number | null) =>
    ({
      trees: [{ feeders: [{ feederId: 'f-0', limits: [limit], head: { meterId: 'head' } }] }],
      nextChangeAt,
    }) as unknown as Gathered
  const roundAt = (at: number, nextChangeAt: number | null = null): number => {
    const pace = watch.begin(at)
    watch.end(at, gathered(nextChangeAt))
    return pace
  }

  it('is at once at first, and by a clock that went back', async () => {
    assert.deepEqual([await watch.cause(noon), watch.dueIn(noon)], ['start', 0])
    roundAt(noon)
    assert.equal(await watch.cause(noon - 1), 'start')
  })

  it('is after an interval', async () => {
    assert.deepEqual([roundAt(noon), roundAt(noon + minuteMs)], [0, minuteMs])
    assert.deepEqual([await watch.cause(noon + 2 * minuteMs - 1), watch.dueIn(noon + 2 * minuteMs - 1)], [undefined, 1])
    assert.equal(await watch.cause(noon + 2 * minuteMs), 'interval')
  })

  it('is when a limit begins or ends by itself', async () => {
    roundAt(noon, noon + 5_000)
    assert.deepEqual([await watch.cause(noon + 4_999), watch.dueIn(noon + 1_000)], [undefined, 4_000])
    assert.equal(await watch.cause(noon + 5_000), 'change')
  })

  it('is when something was changed, also while a round was under way', async () => {
    roundAt(noon)
    watch.noteChange()
    assert.deepEqual([await watch.cause(noon), watch.dueIn(noon)], ['change', 0])
    watch.begin(noon + 1)
    watch.noteChange()
    watch.end(noon + 1, gathered(null))
    assert.equal(await watch.cause(noon + 1), 'change')
    roundAt(noon + 2)
    assert.equal(await watch.cause(noon + 2), undefined)
  })

  it('is when a round that dealt with a change failed', async () => {
    roundAt(noon)
    watch.noteChange()
    watch.begin(noon + 1)
    assert.equal(await watch.cause(noon + 2), 'change')
  })

  it('is when a head was measured beyond a limit since the last round', async () => {
    await seedReadings(test.database, ['head'], noon - 1, { powerKw: 12 })
    roundAt(noon)
    assert.equal(await watch.cause(noon + 1), undefined)
    await seedReadings(test.database, ['head'], noon + 1, { powerKw: 10 })
    assert.equal(await watch.cause(noon + 1), undefined)
    await seedReadings(test.database, ['head'], noon + 2, { powerKw: 10.1 })
    assert.equal(await watch.cause(noon + 2), 'breach')
    assert.deepEqual(
      (await headsSince(test.database, ['head', 'nobody'], noon)).map(({ meterId, at, powerKw }) => [
        meterId,
        at,
        powerKw,
      ]),
      [['head', noon + 2, 10.1]],
    )
  })
})
