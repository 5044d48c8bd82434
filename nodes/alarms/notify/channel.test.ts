import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { afterEach, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { Condition } from '../../../platform/wire/condition.ts'
import { conditionTexts } from '../../../platform/wire/condition-text.ts'
import { said, useAlarms } from '../alarms.fixture.ts'
import { Channel, channelCondition } from './channel.ts'
import { TestCarrier } from './channel.fixture.ts'
import type { ChannelState } from './delivery-repository.ts'

describe('a channel at work', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let channel: Channel | undefined
  let carrier: TestCarrier
  afterEach(() => channel?.close(false))

  function open(nodeId: string, name: string): void {
    carrier = new TestCarrier()
    channel = new Channel(alarms.database, carrier, {
      ...{ nodeId, name, language: 'en-US', timeZone: 'America/Sao_Paulo', mostTries: 5, responsibility: null },
      ...{ filter: { leastPriority: 'low', areas: [], feeders: [], tells: ['raised'] } },
      ...{ rate: { most: 100, windowMs: 1_000 }, table: () => Promise.resolve(alarms.table) },
      ...{ progress: () => Promise.resolve(), report: (error) => assert.fail(String(error)) },
    })
  }
  const follows = (nodeId: string): Promise<unknown> =>
    waitUntil('the cursor', async () => (await cursors(nodeId)) === 1)
  const cursors = async (nodeId: string): Promise<number> =>
    (await alarms.database.query('select from consumer_cursor where consumer = $1', [`notify ${nodeId}`])).length
  const say = (subject: string): Promise<unknown> => alarms.keeper.take([said('stuck', subject)])

  it('begins with what comes, and goes on after a stop with what came meanwhile', async () => {
    await say('before')
    open('n-1', 'duty')
    await follows('n-1')
    await say('during')
    await waitUntil('the first', () => carrier.carried.length === 1)
    await channel!.close(false)
    assert.deepEqual(carrier.take(), ['raised test/stuck/during 1'])
    await say('meanwhile')
    open('n-1', 'duty')
    await waitUntil('the second', () => carrier.carried.length === 1)
    assert.deepEqual(carrier.take(), ['raised test/stuck/meanwhile 1'])
  })

  it('leaves the log when it is removed, and what waits is withdrawn; so it is of a name that it had before', async () => {
    open('n-2', 'old')
    await follows('n-2')
    carrier.fault = new Error('away')
    await say('x-1')
    await waitUntil('a try', async () => (await waiting('old')) === 1)
    await channel!.close(false)
    open('n-2', 'new')
    await waitUntil('nothing waits for the old name', async () => (await waiting('old')) === 0)
    carrier.fault = new Error('away')
    await say('x-2')
    await waitUntil('a try', async () => (await waiting('new')) === 1)
    await channel!.close(true)
    assert.deepEqual([await cursors('n-2'), await waiting('new')], [0, 0])
  })
  const waiting = async (name: string): Promise<number> =>
    (
      await alarms.database.query(
        "select from alarm_notification where channel = $1 and state = 'waiting' and tries > 0 and last_error is not null",
        [name],
      )
    ).length
})

describe('channelCondition', () => {
  const state: ChannelState = { waiting: 1, dead: 0, failedTries: 0, lastError: null }
  const isCondition = new Ajv().compile(Condition)
  for (const [what, more, active] of [
    ['well', {}, 'normal'],
    ['twice in vain', { failedTries: 2, lastError: 'x' }, 'normal'],
    ['three times in vain', { failedTries: 3, lastError: 'x'.repeat(500) }, 'active'],
    ['given up', { dead: 1, lastError: null }, 'active'],
  ] as const)
    it(`${what}: ${active}, in words`, () => {
      const condition = channelCondition('duty', { ...state, ...more }, 1)
      assert.equal(condition.state, active)
      assert.ok(isCondition(condition), JSON.stringify(isCondition.errors))
      assert.ok(condition.text.message in conditionTexts)
    })
})
