import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { Database } from '../../../platform/storage/database.ts'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { defaultTable } from '../domain/default-table.ts'
import type { MasterTable } from '../domain/definition.ts'
import { countStanding, dueAlarms, livingAlarms } from './alarm-repository.ts'
import { changeAlarms, type AlarmChange } from './change-alarms.ts'

const by = { username: 'ana', reason: 'works' }

describe('changing alarms', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const change = (changes: readonly AlarmChange[], now = alarmsBegin, table: MasterTable = defaultTable) =>
    alarms.database.transaction((client) => changeAlarms(client, changes, table, now))
  const progress = async (): Promise<number> =>
    (await alarms.database.query<{ changed: number }>('select changed::integer as changed from alarm_progress'))[0]!
      .changed

  it('keeps every occurrence with what was said, when it returned and who acknowledged it', async () => {
    const [made] = await change([
      { condition: said('load', 'f-1', { feederId: 'f-1', value: 11, limit: 10, unit: 'kW' }), by: null },
    ])
    const { alarmId } = made!
    await change([{ alarmId, event: { type: 'acknowledge', occurrence: 1 }, by }], alarmsBegin + 1)
    await change(
      [{ condition: said('load', 'f-1', { state: 'normal', at: alarmsBegin + 2 }), by: null }],
      alarmsBegin + 2,
    )
    const occurrences = await alarms.database.query(
      `select occurrence, why, annunciated, priority, value, limit_value as "limit", acknowledged_by as "acknowledgedBy",
         (extract(epoch from acknowledged_at - began_at) * 1000)::integer as "acknowledgedAfter",
         (extract(epoch from returned_at - began_at) * 1000)::integer as "returnedAfter"
       from alarm_occurrence where alarm_id = $1`,
      [alarmId],
    )
    assert.deepEqual(occurrences, [
      {
        ...{ occurrence: 1, why: 'activated', annunciated: true, priority: 'medium', value: 11, limit: 10 },
        ...{ acknowledgedBy: 'ana', acknowledgedAfter: 1, returnedAfter: 2 },
      },
    ])
    assert.deepEqual(await alarms.history(alarmId), ['activated A B 1', 'acknowledged B C 1', 'returned C A 1'])
  })

  it('judges delays by all that is known: what was over before its delay never was an alarm', async () => {
    const table: MasterTable = {
      ...defaultTable,
      definitionOf: (place) => ({ ...defaultTable.definitionOf(place), onDelayMs: 30_000 }),
    }
    const changed = await change(
      [
        { condition: said('blink', 'm-1'), by: null },
        { condition: said('blink', 'm-1', { state: 'normal', at: alarmsBegin + 20_000 }), by: null },
        { condition: said('blink', 'm-1', { at: alarmsBegin + 40_000 }), by: null },
      ],
      alarmsBegin + 100_000,
      table,
    )
    assert.deepEqual(await alarms.history(changed[0]!.alarmId), ['activated A B 1'])
    assert.equal(changed[2]!.transitions[0]!.at, alarmsBegin + 70_000)
  })

  it('refuses what is not there, and what may not be, beside what is done', async () => {
    const [made] = await change([{ condition: said('outage', 'sw-1'), by: null }])
    const changed = await change([
      { alarmId: 999_999, event: { type: 'acknowledge', occurrence: 1 }, by },
      { alarmId: made!.alarmId, event: { type: 'acknowledge', occurrence: 9 }, by },
      { alarmId: made!.alarmId, event: { type: 'acknowledge', occurrence: 1 }, by },
    ])
    assert.deepEqual(
      changed.map(({ refused }) => refused),
      ['unknown-alarm', 'stale-occurrence', null],
    )
  })

  it('takes the next number of the log where something was written, and else none', async () => {
    const before = await progress()
    await change([{ condition: said('outage', 'sw-2'), by: null }])
    assert.equal(await progress(), before + 1)
    await change([{ condition: said('outage', 'sw-2'), by: null }])
    assert.equal(await progress(), before + 1)
    const [row] = await alarms.database.query('select transitions from alarm_change where changed = $1', [before + 1])
    assert.deepEqual(row, { transitions: 1 })
  })

  it('leaves nothing of a transaction that fails', async () => {
    const before = [await progress(), await alarms.listing()]
    const failed = alarms.database.transaction(async (client) => {
      await changeAlarms(client, [{ condition: said('outage', 'sw-3'), by: null }], defaultTable, alarmsBegin)
      throw new Error('no')
    })
    await assert.rejects(failed, /no/)
    assert.deepEqual([await progress(), await alarms.listing()], before)
  })

  it('says what is due, what lives and what stands', async () => {
    const [made] = await change([{ condition: said('outage', 'sw-4'), by: null }])
    const { alarmId } = made!
    await change([{ alarmId, event: { type: 'shelve', until: alarmsBegin + 1_000 }, by }])
    const before = await countStanding(alarms.database)
    assert.ok(!(await dueAlarms(alarms.database, alarmsBegin + 999, 100)).includes(alarmId))
    assert.ok((await dueAlarms(alarms.database, alarmsBegin + 1_000, 100)).includes(alarmId))
    assert.ok((await livingAlarms(alarms.database, alarmId - 1, 1)).includes(alarmId))
    await change([{ alarmId, event: { type: 'time' }, by: null }], alarmsBegin + 1_000)
    const after = await countStanding(alarms.database)
    assert.deepEqual([after.standing - before.standing, after.unacknowledged - before.unacknowledged], [1, 1])
  })

  it('never waits in a circle, in whatever order alarms are named, by whomever', async () => {
    const other = new Database(alarms.login)
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.shuffledSubarray([...Array(12).keys()], { minLength: 4 }), { minLength: 4, maxLength: 6 }),
          fc.integer({ min: 1, max: 3 }),
          async (orders, round) => {
            const changes = orders.map((order, index) =>
              order.map((subject): AlarmChange => ({
                condition: said(`race-${round}`, `s-${subject}`, {
                  state: index % 2 === 0 ? 'active' : 'normal',
                  at: alarmsBegin + index,
                }),
                by: null,
              })),
            )
            await other.ready()
            await Promise.all(
              changes.map((one, index) =>
                (index % 2 === 0 ? alarms.database : other).transaction((client) =>
                  changeAlarms(client, one, defaultTable, alarmsBegin + 100),
                ),
              ),
            )
          },
        ),
        { numRuns: 15 },
      )
    } finally {
      await other.close()
    }
  })
})
