import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import type { AlarmTransition, AlarmTransitions } from '../messages.ts'
import { alarmChanges } from './alarm-log.ts'
import { sendTransitions } from './transition-sender.ts'

describe('sending transitions', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const senders: { close(): Promise<void> }[] = []
  afterEach(() => Promise.all(senders.splice(0).map((sender) => sender.close())))

  /** @param failAfter  its round fails so many times, after it has sent */
  const start = async (name: string, { failAfter = 0, begins = true } = {}) => {
    const messages: AlarmTransitions[] = []
    const faults: unknown[] = []
    let failures = failAfter
    const sender = sendTransitions(alarms.database, name, {
      send: (message) => void messages.push(message),
      progress: () => (failures-- > 0 ? Promise.reject(new Error('lost on its way')) : Promise.resolve()),
      report: (fault) => void faults.push(fault),
    })
    senders.push(sender)
    const begun = () =>
      alarms.database.query(`select from consumer_cursor where log = 'alarms' and consumer = $1 and position > 0`, [
        name,
      ])
    if (begins) await waitUntil('its beginning', async () => (await begun()).length > 0)
    return { sender, messages, faults, sent: (): AlarmTransition[] => messages.flatMap(({ payload }) => payload) }
  }

  it('sends what happens from its first time on, whoever does it, once and in order', async () => {
    await alarms.keeper.take([said('outage', 'before')])
    const { sent } = await start('first')
    const [changed] = await alarms.keeper.take([said('outage', 'sw-1', { feederId: 'f-1', value: 2, unit: 'units' })])
    await alarms.act(changed!.alarmId, { type: 'acknowledge', occurrence: 1 }, { username: 'ana', reason: 'seen' })
    await waitUntil('both', () => sent().length >= 2)
    assert.deepEqual(
      sent().map(({ key, transition, from, to, username, reason, value }) => [
        ...[key, transition, from, to, username, reason, value],
      ]),
      [
        ['test/outage/sw-1', 'activated', 'A', 'B', null, null, 2],
        ['test/outage/sw-1', 'acknowledged', 'B', 'C', 'ana', 'seen', 2],
      ],
    )
  })

  it('sends what came while it was away, and nothing twice', async () => {
    const first = await start('away')
    await alarms.keeper.take([said('outage', 'sw-2')])
    await waitUntil('the first', () => first.sent().length === 1)
    await first.sender.close()
    await alarms.keeper.take([said('outage', 'sw-2', { state: 'normal', at: alarmsBegin + 1 })])
    const second = await start('away', { begins: false })
    await waitUntil('the second', () => second.sent().length > 0)
    assert.deepEqual(
      second.sent().map(({ transition }) => transition),
      ['returned'],
    )
  })

  it('sends none again of a round that failed after it had sent', async () => {
    const { sent, faults } = await start('failing', { failAfter: 2 })
    await alarms.keeper.take([said('outage', 'sw-3'), said('outage', 'sw-4')])
    await waitUntil('two failures', () => faults.length === 2)
    await alarms.keeper.take([said('outage', 'sw-5')])
    await waitUntil('the third', () => sent().length >= 3)
    assert.deepEqual(
      sent().map(({ subject }) => subject),
      ['sw-3', 'sw-4', 'sw-5'],
    )
  })

  it('sends a storm in messages of 500 at most', async () => {
    const { messages, sent } = await start('storm')
    await alarms.keeper.take(Array.from({ length: 1_200 }, (_, index) => said('storm', `m-${index}`)))
    await waitUntil('all of it', () => sent().length === 1_200)
    assert.deepEqual(
      messages.map(({ payload }) => payload.length),
      [500, 500, 200],
    )
    const places = sent().map(({ changed, ordinal }) => changed * 10_000 + ordinal)
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
  })

  it('tells how far behind it is', async () => {
    const position = (
      await alarms.database.query<{ changed: number }>('select max(changed)::integer as changed from alarm_change')
    )[0]!.changed
    await alarms.keeper.take([said('outage', 'sw-9'), said('outage', 'sw-10')])
    assert.deepEqual(await alarmChanges.lagAfter(alarms.database, position), {
      ...{ batches: 1, readings: 2, oldestAt: alarmsBegin },
    })
  })
})
