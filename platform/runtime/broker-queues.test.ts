import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { boundQueues, type BrokerLimits, brokerLimits, type Persistence, type QueuedPacket } from './broker-queues.ts'

const session = { id: 'a', clientId: 'a' }
const other = { id: 'b', clientId: 'b' }

describe('boundQueues', () => {
  let persistence: Persistence
  let refused: string[]
  let retained: QueuedPacket[]
  let cleaned: string[]

  function bound(limits: Partial<BrokerLimits>): void {
    const unused = (): never => assert.fail('the storage of the broker itself is used')
    ;[refused, retained, cleaned] = [[], [], []]
    persistence = {
      outgoingEnqueue: unused,
      outgoingEnqueueCombi: unused,
      outgoingUpdate: unused,
      outgoingClearMessageId: unused,
      outgoingStream: unused,
      cleanSubscriptions: async ({ id }) => cleaned.push(id),
      storeRetained: async (packet) => void retained.push(packet),
    }
    boundQueues(persistence, { ...brokerLimits, ...limits }, (what) => refused.push(what))
  }
  const message = (brokerCounter: number, payload = `m${brokerCounter}`): QueuedPacket => ({
    cmd: 'publish',
    topic: 'field/x',
    brokerId: 'broker',
    brokerCounter,
    payload: Buffer.from(payload),
  })
  const waiting = async (of = session): Promise<QueuedPacket[]> =>
    (await Readable.from(persistence.outgoingStream(of)).toArray()) as QueuedPacket[]
  const counters = async (of = session): Promise<unknown[]> => (await waiting(of)).map((packet) => packet.brokerCounter)
  /** As the broker does it: it names the message for the client, and forgets it when the client has it. */
  async function deliver(packet: QueuedPacket, messageId: number): Promise<QueuedPacket | undefined> {
    await persistence.outgoingUpdate(session, { ...packet, messageId })
    return persistence.outgoingClearMessageId(session, { messageId })
  }

  it('keeps messages in order, for each session its own', async () => {
    bound({})
    await persistence.outgoingEnqueueCombi([session, other], message(1))
    await persistence.outgoingEnqueue(session, message(2))
    assert.deepEqual(await counters(), [1, 2])
    assert.deepEqual(await counters(other), [1])
    assert.deepEqual(await counters({ id: 'c', clientId: 'c' }), [])
  })

  it('refuses and counts what a full queue cannot take; what was delivered makes room', async () => {
    bound({ queuedPerSession: 3 })
    for (let number = 1; number <= 5; number++) await persistence.outgoingEnqueue(session, message(number))
    assert.deepEqual(await counters(), [1, 2, 3])
    assert.deepEqual(refused, ['queued', 'queued'])
    assert.equal((await deliver(message(2), 77))?.brokerCounter, 2)
    await persistence.outgoingEnqueue(session, message(6))
    assert.deepEqual(await counters(), [1, 3, 6])
    await persistence.outgoingEnqueue(other, message(6))
    assert.equal(refused.length, 2)
  })

  it('bounds the bytes over all sessions, and gives them back with whatever goes', async () => {
    bound({ queuedBytes: 100 })
    const kilo = (counter: number): QueuedPacket => message(counter, 'x'.repeat(50))
    for (let round = 1; round <= 30; round += 3) {
      await persistence.outgoingEnqueue(session, kilo(round))
      await persistence.outgoingEnqueue(other, kilo(round + 1))
      await persistence.outgoingEnqueue(session, kilo(round + 2))
      assert.deepEqual(refused.splice(0), ['queued'])
      await deliver(kilo(round), round)
      await persistence.cleanSubscriptions(other)
      assert.deepEqual([await counters(), await counters(other)], [[], []])
    }
    assert.equal(cleaned.length, 10)
  })

  it('replaces a message by its release (QoS 2), which takes no room', async () => {
    bound({ queuedBytes: 2 })
    await persistence.outgoingEnqueue(session, message(1))
    await persistence.outgoingUpdate(session, { ...message(1), messageId: 9 })
    await persistence.outgoingUpdate(session, { cmd: 'pubrel', messageId: 9 })
    assert.deepEqual(await waiting(), [{ cmd: 'pubrel', messageId: 9 }])
    await persistence.outgoingEnqueue(other, message(2))
    assert.deepEqual(refused, [])
    await persistence.outgoingClearMessageId(session, { messageId: 9 })
    assert.deepEqual(await waiting(), [])
    await persistence.outgoingEnqueue(other, message(3))
    assert.deepEqual(refused, ['queued'])
  })

  it('does not mind acknowledgements of what it never kept', async () => {
    bound({})
    assert.equal(await persistence.outgoingClearMessageId(session, { messageId: 1 }), undefined)
    await persistence.outgoingEnqueue(session, message(1))
    await persistence.outgoingUpdate(session, { ...message(5), messageId: 1 })
    assert.equal(await persistence.outgoingClearMessageId(session, { messageId: 1 }), undefined)
    assert.equal(await persistence.outgoingClearMessageId(session, {}), undefined)
    assert.deepEqual(await counters(), [1])
  })

  it('bounds retained messages by number and bytes; an empty one makes room', async () => {
    bound({ retainedTopics: 2, retainedBytes: 10 })
    const retain = (topic: string, payload: string): Promise<void> => persistence.storeRetained({ topic, payload })
    await retain('a', '123')
    await retain('b', '123')
    await retain('c', '1')
    assert.deepEqual(refused.splice(0), ['retained'])
    await retain('a', '1234567')
    await retain('a', '12345678')
    assert.deepEqual(refused.splice(0), ['retained'])
    await retain('b', '')
    await retain('c', 'açã')
    assert.deepEqual(refused.splice(0), ['retained'])
    await retain('c', 'abc')
    assert.deepEqual(refused, [])
    assert.deepEqual(
      retained.map(({ topic, payload }) => `${topic}=${String(payload)}`),
      ['a=123', 'b=123', 'a=1234567', 'b=', 'c=abc'],
    )
  })
})
