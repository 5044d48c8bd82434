import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import type { ReceivedAck } from '../keeper/ack-repository.ts'
import type { ChangedCommand } from '../keeper/change-commands.ts'
import type { RefusedAnswer } from '../messages.ts'
import { AckIntake } from './ack-intake.ts'

const id = '0f0e2c6e-9d1f-4f0c-8f57-1d4f5b0b9c3a'

describe('answers from the broker', () => {
  let intake: AckIntake
  let stored: ReceivedAck[]
  let refused: RefusedAnswer[]
  let faults: string[]
  let acknowledged: number
  /** What storing does next. */
  let store: () => Promise<void>

  beforeEach(() => {
    ;[stored, refused, faults, acknowledged, store] = [[], [], [], 0, async () => undefined]
    intake = new AckIntake({
      clock: { now: () => 1_000 },
      async store(received) {
        await store()
        return received.map(({ ack }): ChangedCommand => ({
          ...{ commandId: ack.command_id, command: undefined, transitions: [], refused: null, changed: 1 },
        }))
      },
      stored: (received) => void stored.push(...received),
      refused: (answers) => void refused.push(...answers),
      report: (error) => void faults.push((error as Error).message),
    })
  })
  afterEach(() => intake.close())

  const receive = (text = JSON.stringify({ command_id: id, status: 'accepted', at: 0 })): Promise<void> =>
    intake.receive({
      ...{ topic: 'grid/acks/sw-1', payload: Buffer.from(text), repeated: false },
      acknowledge: () => void acknowledged++,
    })

  it('are confirmed once they are stored, and not before', async () => {
    let go = (): void => undefined
    store = () => new Promise((resolve) => (go = resolve))
    for (let n = 0; n < 3; n++) await receive()
    await waitUntil('the storing', () => go.length === 1 || go.toString() !== '() => undefined')
    assert.deepEqual([acknowledged, stored.length], [0, 0])
    go()
    await waitUntil('all three', () => acknowledged === 3)
    assert.deepEqual([stored.length, stored[0]!.deviceId, stored[0]!.receivedAt], [3, 'sw-1', 1_000])
  })

  it('that are none are told of, and confirmed: nobody could make one of them', async () => {
    await receive('no JSON')
    await waitUntil('its confirmation', () => acknowledged === 1)
    assert.deepEqual(refused, [{ topic: 'grid/acks/sw-1', problem: 'not JSON', text: 'no JSON' }])
  })

  it('are stored again where that failed, and nothing is confirmed meanwhile', async () => {
    let tries = 0
    store = async () => {
      if (++tries === 1) throw new Error('too many wait')
      assert.equal(acknowledged, 0)
    }
    await receive()
    await waitUntil('its confirmation', () => acknowledged === 1)
    assert.deepEqual([tries, faults, stored.length], [2, ['too many wait'], 1])
  })

  it('wait at the broker where too many are not stored yet', async () => {
    let go = (): void => undefined
    const held = new Promise<void>((resolve) => (go = resolve))
    store = () => held
    let taken = 0
    const all = Array.from({ length: 2_001 }, () => receive().then(() => taken++))
    await waitUntil('those for which there is room', () => taken === 1_999)
    go()
    await Promise.all(all)
    await waitUntil('all of them', () => acknowledged === 2_001)
  })

  it('are forgotten when it closes: the broker still has them', async () => {
    store = () => Promise.reject(new Error('away'))
    await receive()
    await waitUntil('the first try', () => faults.length === 1)
    await intake.close()
    await receive()
    assert.deepEqual([acknowledged, stored.length], [0, 0])
  })
})
