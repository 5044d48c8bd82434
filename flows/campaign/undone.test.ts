import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { afterCommand, type Equipment, restingEquipment } from './equipment.ts'
import type { StandingCommand } from './history.ts'
import { isUndone, Undone } from './undone.ts'

const connected = restingEquipment
const disconnected = afterCommand(connected, { type: 'disconnect', args: {} })

describe('a command that was carried out', () => {
  it('is undone where its equipment stands otherwise', () => {
    assert.equal(isUndone({ type: 'connect', args: {} }, connected), false)
    assert.equal(isUndone({ type: 'connect', args: {} }, disconnected), true)
    assert.equal(isUndone({ type: 'set_limit', args: { p_limit_kw: 2 } }, { ...connected, feedInKw: 1 }), false)
    assert.equal(isUndone({ type: 'set_limit', args: { p_limit_kw: 2 } }, { ...connected, feedInKw: 3 }), true)
  })

  for (const type of ['reboot', 'read_now'] as const)
    it(`is never undone where it is ${type}`, () => assert.equal(isUndone({ type, args: {} }, connected), false))
})

describe('what was undone', () => {
  const command = (commandId: string, over: Partial<StandingCommand> = {}): StandingCommand => ({
    ...{ commandId, deviceId: 'm-1', state: 'executed', type: 'connect', args: {} },
    ...{ needsVerification: true, expiresAt: 0 },
    ...over,
  })
  const found = (undone: Undone, standing: StandingCommand[], now: number, equipment: Equipment = disconnected) =>
    undone.found(standing, (deviceId) => (deviceId === 'other' ? undefined : equipment), now)
  const ids = (commands: StandingCommand[]) => commands.map(({ commandId }) => commandId)

  it('is found after ten seconds, and again after as long', () => {
    const undone = new Undone()
    assert.deepEqual(
      [0, 9_999, 10_000, 10_300, 19_999, 20_000].map((now) => found(undone, [command('c-1')], now).length),
      [0, 0, 1, 0, 0, 1],
    )
  })

  it('is forgotten once it stands as wanted', () => {
    const undone = new Undone()
    found(undone, [command('c-1')], 0)
    found(undone, [command('c-1')], 5_000, connected)
    assert.deepEqual(found(undone, [command('c-1')], 10_000), [])
  })

  it('is let be while something is under way on its device, as is what is of nobody', () => {
    const undone = new Undone()
    const others = [command('c-2', { state: 'accepted' }), command('c-3', { deviceId: 'other' })]
    for (const now of [0, 60_000]) assert.deepEqual(found(undone, [command('c-1'), ...others], now), [])
  })

  it('is found one at a time of each device', () => {
    const undone = new Undone()
    const standing = [command('c-1'), command('c-2'), command('c-3', { deviceId: 'm-2' })]
    found(undone, standing, 0)
    assert.deepEqual(ids(found(undone, standing, 10_000)), ['c-2', 'c-3'])
    assert.deepEqual(ids(found(undone, standing, 10_300)), ['c-1'])
  })
})
