import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { MqttClient } from 'mqtt'
import { holdAcknowledgements } from '../../platform/broker/held-acknowledgements.ts'
import { connect, play, type PlayedClient, takePublished, topicMatches } from './played-mqtt.ts'

const message = (topic: string) => ({ at: 0, topic, payload: Buffer.from('x'), qos: 1, retain: false }) as const

describe('a connection that is played', () => {
  let client: PlayedClient
  beforeEach(async () => {
    client = connect('mqtt://nowhere', { clientId: 'ours' })
    await once(client, 'connect')
  })
  afterEach(() => client.endAsync())

  it('hears what it has subscribed to, until it ends', async () => {
    const heard: string[] = []
    client.on('message', (topic: string) => heard.push(topic))
    assert.equal(play(message('a/b')).heard, 0)
    client.subscribe(['a/+', 'c'])
    assert.equal(play(message('a/b')).heard, 1)
    client.unsubscribe('a/+')
    assert.equal(play(message('a/b')).heard, 0)
    client.end()
    assert.equal(play(message('c')).heard, 0)
    assert.deepEqual(heard, ['a/b'])
  })

  it('serves our ingest, which says when it is ready for the next message', async () => {
    const held: string[] = []
    const room = Promise.withResolvers<void>()
    holdAcknowledgements(client as unknown as MqttClient, async ({ topic, payload, acknowledge }) => {
      held.push(`${topic} ${payload}`)
      await room.promise
      acknowledge()
    })
    client.subscribe(['a'], { qos: 1 }, () => undefined)
    const { ready } = play(message('a'))
    assert.deepEqual(held, ['a x'])
    assert.equal(await Promise.race([ready.then(() => 'ready'), Promise.resolve('waits')]), 'waits')
    room.resolve()
    await ready
  })

  it('publishes to nobody: it is told what would have been', async () => {
    const published: unknown[] = []
    takePublished((one) => published.push(one))
    client.subscribe('der/control/+')
    client.publish('der/control/pv-1', '{}', { qos: 1, retain: true }, () => published.push('done'))
    await client.publishAsync('b', 'c')
    takePublished(() => undefined)
    assert.deepEqual(published, [
      { clientId: 'ours', topic: 'der/control/pv-1', payload: '{}', qos: 1, retain: true },
      'done',
      { clientId: 'ours', topic: 'b', payload: 'c', qos: 0, retain: false },
    ])
  })
})

describe('a topic filter', () => {
  const cases: [filter: string, topic: string, matches: boolean][] = [
    ['a/b', 'a/b', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['#', 'a/b', true],
    ['+/+', '/b', true],
    ['#', '$SYS/uptime', false],
    ['$SYS/#', '$SYS/uptime', true],
    ['$share/us/a/+', 'a/b', true],
    ['a', 'a/b', false],
    ['a/b', 'a', false],
  ]
  for (const [filter, topic, matches] of cases)
    it(`${filter} ${matches ? 'names' : 'does not name'} ${topic}`, () =>
      assert.equal(topicMatches(filter, topic), matches))
})
