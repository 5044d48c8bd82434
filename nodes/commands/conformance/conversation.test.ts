import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Conversation, type ConversationOptions } from './conversation.ts'
import { FixtureDevice } from './device.fixture.ts'
import { Hearing } from './hearing.ts'

const pair = [
  { type: 'open', args: {} },
  { type: 'close', args: {} },
] as const

/** A talk with somebody who says this of every command. */
function talkWith(answers: (id: string) => object[], more: Partial<ConversationOptions> = {}) {
  const hearing = new Hearing()
  let number = 0
  return new Conversation({
    deviceId: 'sw-1',
    line: {
      hearing,
      publish: async (_kind, payload) => {
        const { command_id } = JSON.parse(payload) as { command_id: string }
        for (const answer of answers(command_id))
          hearing.hear({ kind: 'ack', payload: JSON.stringify(answer), qos: 1, retained: false, at: 0 })
      },
    },
    ...{ now: () => 0, nextControlNumber: async () => ++number, commands: pair },
    ...{ withinMs: 20, reportWithinMs: 20, expiresAfterMs: 20 },
    ...more,
  })
}
const executed = (command_id: string) => ({ command_id, status: 'executed', at: 0 })

describe('a talk with a device', () => {
  it('gives each command an id and a number of its own, and waits for the last word', async () => {
    const talk = talkWith((command_id) => [{ command_id, status: 'accepted', at: 0 }, executed(command_id)])
    const [one, other] = [await talk.fresh(), await talk.fresh()]
    assert.notEqual(one.command_id, other.command_id)
    assert.deepEqual([one.control_number, other.control_number], [1, 2])
    const { acks, final, faults } = await talk.tell(one)
    assert.deepEqual(
      [acks.map(({ status }) => status), final?.status, faults],
      [['accepted', 'executed'], 'executed', []],
    )
  })

  it('hears nothing in what is said of another command, or is no answer', async () => {
    const talk = talkWith(() => [executed('00000000-0000-4000-8000-000000000000'), ['x']])
    assert.equal((await talk.tell(await talk.fresh())).final, undefined)
  })

  it('names what is not as the contract has it in an answer', async () => {
    const talk = talkWith((command_id) => [{ command_id, status: 'executed', device_id: 'sw-2' }])
    const { faults } = await talk.tell(await talk.fresh())
    assert.deepEqual(faults, ["the answer must have required property 'at'", 'device_id is "sw-2"'])
  })

  it('takes turns where the device has really done something, and gives it back as it was', async () => {
    let obeys = true
    const talk = talkWith((command_id) => [obeys ? executed(command_id) : { command_id, status: 'expired', at: 0 }])
    const open = await talk.fresh()
    await talk.tell(open)
    await talk.tell(open)
    obeys = false
    await talk.tell(await talk.fresh())
    assert.equal((await talk.fresh()).type, 'close')
    assert.equal(await talk.giveBack(), false)
    obeys = true
    assert.equal(await talk.giveBack(), true)
    assert.equal((await talk.fresh()).type, 'open')
  })

  it('signs once the device is known to want that', async () => {
    const device = new FixtureDevice({ signed: true })
    const talk = device.talk()
    assert.equal((await talk.tell(await talk.fresh())).final?.status, 'rejected')
    talk.isSigned = true
    assert.equal((await talk.tell(await talk.fresh())).final?.status, 'executed')
    device.stop()
  })
})
