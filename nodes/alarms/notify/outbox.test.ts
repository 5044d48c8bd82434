import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { said, useAlarms } from '../alarms.fixture.ts'
import { enterChannel, followFromNow } from './channel-repository.ts'
import { listNotifications } from './notification-repository.ts'
import { stepsBetween } from './outbox-repository.ts'
import { fillOutbox } from './outbox.ts'
import { changedAlarms, standingAlarms, standingOf } from './topic-repository.ts'

describe('the outbox', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const duty = {
    ...{ name: 'duty', responsibility: null },
    filter: { leastPriority: 'low', areas: [], feeders: [], tells: ['raised', 'cleared'] },
  } as const
  /** The newest place in the log. */
  const newest = async (): Promise<number> =>
    (await alarms.database.query<{ at: number }>('select changed::float8 as at from alarm_progress'))[0]!.at
  const fill = (span: { after: number; upTo: number }): Promise<void> =>
    alarms.database.transaction((client) => fillOutbox(client, duty, span, alarms.table, alarms.now))
  const told = async (): Promise<string[]> =>
    (await listNotifications(alarms.database, { channel: 'duty' }, undefined, 100))
      .toReversed()
      .map(({ what, key, occurrence, state }) => `${what} ${key} ${occurrence} ${state}`)

  it('takes in one transaction what is raised and over in it, in this order, however often it is taken', async () => {
    await enterChannel(alarms.database, 'duty', 'n-1', alarms.now)
    alarms.now += 1_000
    await alarms.keeper.take([said('stuck', 'm-1'), said('stuck', 'm-1', { state: 'normal', at: alarms.now })])
    for (let times = 0; times < 2; times++) await fill({ after: 0, upTo: await newest() })
    assert.deepEqual(await told(), ['raised test/stuck/m-1 1 waiting', 'cleared test/stuck/m-1 1 waiting'])
  })

  it('keeps nothing of a transaction that is rolled back', async () => {
    const after = await newest()
    await alarms.keeper.take([said('stuck', 'm-2')])
    const [span, before] = [{ after, upTo: await newest() }, await told()]
    const failing = alarms.database.transaction(async (client) => {
      await fillOutbox(client, duty, span, alarms.table, alarms.now)
      assert.equal((await stepsBetween(queriesOf(client), span.after, span.upTo)).length, 1)
      throw new Error('killed')
    })
    await assert.rejects(failing, /killed/)
    assert.deepEqual(await told(), before)
  })

  it('has followers begin where the log is, once', async () => {
    const place = await newest()
    await followFromNow(alarms.database, 'alarms', 'late', alarms.now)
    await alarms.keeper.take([said('stuck', 'm-3')])
    await followFromNow(alarms.database, 'alarms', 'late', alarms.now)
    const [row] = await alarms.database.query<{ position: number }>(
      "select position::float8 as position from consumer_cursor where consumer = 'late'",
    )
    assert.equal(row!.position, place)
  })

  it('has on topics what changed, and what stands, but what another alarm explains', async () => {
    const [root] = await alarms.keeper.take([said('outage', 'sw-1'), said('stuck', 'm-4')])
    const member = (await alarms.listing()).find(({ key }) => key === 'test/stuck/m-4')!
    await alarms.act(member.alarmId, { type: 'explain', rootAlarmId: root!.alarmId })
    const now = await newest()
    const changed = await changedAlarms(alarms.database, now - 1, now)
    assert.deepEqual(
      changed.map(({ alarmId, standing, members }) => [alarmId, standing, members]),
      [
        [root!.alarmId, true, 1],
        [member.alarmId, false, 0],
      ],
    )
    const standing = (await standingAlarms(alarms.database, 0, 100)).map(({ alarmId }) => alarmId)
    assert.ok(standing.includes(root!.alarmId) && !standing.includes(member.alarmId))
    assert.deepEqual(await standingOf(alarms.database, [root!.alarmId, member.alarmId, 99]), new Set([root!.alarmId]))
  })
})
