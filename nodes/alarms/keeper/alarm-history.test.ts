import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { keepActionsWithin, keepWithin } from './alarm-history.ts'
import { ensureMonth } from './history-repository.ts'

const dayMs = 86_400_000

describe('the history of alarms', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const signal = new AbortController().signal
  const count = async (table: string): Promise<number> =>
    (await alarms.database.query<{ rows: number }>(`select count(*)::integer as rows from ${table}`))[0]!.rows
  const parts = async (table = 'alarm_transition'): Promise<string[]> =>
    (
      await alarms.database.query<{ part: string }>(
        'select inhrelid::regclass::text as part from pg_inherits where inhparent = $1::regclass order by 1',
        [table],
      )
    ).map(({ part }) => part)

  it('has its next month before it begins', async () => {
    await keepWithin(alarms.database, Date.UTC(2026, 2, 31, 12), 400 * dayMs, signal)
    assert.deepEqual(await parts(), ['alarm_transition_202603', 'alarm_transition_202604'])
  })

  it('goes when it is older than it is kept, and what stands stays', async () => {
    const normal = said('outage', 'over', { state: 'normal', at: alarmsBegin + 2 })
    await alarms.keeper.take([said('outage', 'over'), normal, said('outage', 'stands')])
    alarms.now += 40 * dayMs
    await alarms.keeper.take([
      said('outage', 'over', { at: alarms.now }),
      said('outage', 'over', { state: 'normal', at: alarms.now + 1 }),
    ])
    const [over, stands] = await alarms.listing()
    // Its last occurrence waits for an acknowledgement.
    await alarms.act(over!.alarmId, { type: 'acknowledge', occurrence: 2 })
    await keepWithin(alarms.database, alarms.now, 35 * dayMs, signal)
    const left = await alarms.database.query<{ alarmId: number; occurrence: number }>(
      'select alarm_id::integer as "alarmId", occurrence from alarm_occurrence order by 1, 2',
    )
    assert.deepEqual(left, [
      { alarmId: over!.alarmId, occurrence: 2 },
      { alarmId: stands!.alarmId, occurrence: 1 },
    ])
    assert.equal(await count('alarm'), 2)
    // March is not over for 35 days yet.
    assert.ok((await parts()).includes('alarm_transition_202603'))
    await keepWithin(alarms.database, Date.UTC(2026, 4, 6), 35 * dayMs, signal)
    assert.ok(!(await parts()).includes('alarm_transition_202603'))
  })

  it('ends with the alarm itself, once that has been normal for so long; said again it is a new one', async () => {
    const [before] = await alarms.listing()
    alarms.now += 90 * dayMs
    await keepWithin(alarms.database, alarms.now, 35 * dayMs, signal)
    const left = await alarms.listing()
    assert.deepEqual(
      left.map(({ key }) => key),
      ['test/outage/stands'],
    )
    const [again] = await alarms.keeper.take([said('outage', 'over', { at: alarms.now })])
    assert.ok(again!.alarmId > before!.alarmId)
    assert.equal(again!.alarm.occurrence, 1)
  })

  it('strikes off the log what every consumer has taken, and in the end all', async () => {
    const [{ changed }] = (await alarms.database.query<{ changed: number }>(
      'select max(changed)::integer as changed from alarm_change',
    )) as [{ changed: number }]
    await alarms.database.query(
      `insert into consumer_cursor (log, consumer, position, updated_at)
       values ('alarms', 'late', $1, to_timestamp(0)), ('alarms', 'here', $1 + 1, to_timestamp(0))`,
      [changed - 1],
    )
    await keepWithin(alarms.database, alarms.now + 8 * dayMs, 35 * dayMs, signal)
    assert.equal(await count('alarm_change'), 1)
    await keepWithin(alarms.database, alarms.now + 36 * dayMs, 35 * dayMs, signal)
    assert.equal(await count('alarm_change'), 0)
  })

  it('lets what was done go too, but keeps of that half a year whatever is set', async () => {
    const now = Date.now()
    for (const daysAgo of [500, 300, 100])
      await alarms.database.query(`select ensure_partition('alarm_action', to_timestamp($1::float8 / 1000))`, [
        now - daysAgo * dayMs,
      ])
    const all = await parts('alarm_action')
    await keepActionsWithin(alarms.database, now, 400 * dayMs, signal)
    assert.deepEqual(await parts('alarm_action'), all.slice(1))
    await keepActionsWithin(alarms.database, now, 30 * dayMs, signal)
    assert.deepEqual(await parts('alarm_action'), all.slice(2))
  })

  it('takes a month that is there already', async () => {
    await ensureMonth(alarms.database, alarms.now)
    await ensureMonth(alarms.database, alarms.now)
  })
})
