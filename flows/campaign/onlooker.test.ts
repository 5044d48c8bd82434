import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { restingEquipment } from './equipment.ts'
import { Onlooker } from './onlooker.ts'
import { drawDevices } from './plan.ts'
import type { StandingCommand } from './history.ts'

const [withLedger, without] = [true, false].map((ledger) =>
  drawDevices(1, 20).find(({ kind, capabilities }) => kind === 'meter' && capabilities.ledger === ledger),
)

describe('an onlooker of a campaign', () => {
  const said: unknown[] = []
  const command = { commandId: 'c-again', state: 'pending_approval', bodyHash: 'hash' }
  const tells = async (...what: unknown[]) => (said.push(what), { command, code: 'accepted' })
  const onlooker = () =>
    new Onlooker(
      {
        ask: ({ deviceId, type }, keyOf) => tells('ask', deviceId, type, keyOf(0)),
        approve: (commandId, bodyHash) => tells('approve', commandId, bodyHash),
        release: (commandId, wasDone) => tells('release', commandId, wasDone),
      },
      [withLedger, without].map((traits) => ({
        ...{ traits: traits!, equipment: { ...restingEquipment, connected: false } },
        effects: [{ deviceId: traits!.deviceId, commandId: 'c-done', at: 0 }],
      })),
    )
  const standing = (commandId: string, over: Partial<StandingCommand> = {}): StandingCommand => ({
    ...{ commandId, deviceId: without!.deviceId, type: 'connect', args: {} },
    ...{ state: 'executed', needsVerification: true, expiresAt: 1_000 },
    ...over,
  })

  it('asks for the same again where it was undone, and has it approved', async () => {
    said.length = 0
    const one = onlooker()
    for (const now of [0, 10_000]) await one.askAgain([standing('c-1')], now)
    const key = 'again-c-1-0'
    assert.deepEqual(said, [
      ['ask', without!.deviceId, 'connect', key],
      ['approve', 'c-again', 'hash'],
    ])
    assert.deepEqual(one.wishes, [{ keys: [key], deviceId: without!.deviceId, commandId: 'c-again' }])
  })

  it('says once what became of a device that keeps no ledger, when nothing can come any more', async () => {
    said.length = 0
    const one = onlooker()
    const state = 'unknown'
    const unknown = [
      ...[standing('c-done', { state }), standing('c-lost', { state })],
      standing('c-asked', { state, deviceId: withLedger!.deviceId }),
    ]
    for (const until of [1_999, 2_000, 2_300]) await one.release(unknown, until)
    assert.deepEqual(said, [
      ['release', 'c-done', true],
      ['release', 'c-lost', false],
    ])
    assert.deepEqual(one.released, new Set(['c-done', 'c-lost']))
  })
})
