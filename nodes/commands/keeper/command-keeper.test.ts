import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { commandsIn } from '../commands.fixture.ts'
import { aMadeCommand, begun, noCapabilities } from '../made-command.fixture.ts'
import type { ReceivedAck } from './ack-repository.ts'
import { changeCommands } from './change-commands.ts'
import { CommandKeeper } from './command-keeper.ts'

describe('a keeper of commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const { make, sent, happen, commandOf, history } = commandsIn(test)
  const faults: unknown[] = []
  let [now, isSet] = [begun, true]
  const options = { clock: { now: () => now }, clockIsSet: () => isSet, report: (fault: unknown) => faults.push(fault) }
  let keeper: CommandKeeper
  const stateOf = async (commandId: string): Promise<string> => (await commandOf(commandId)).state
  const comesTo = (commandId: string, state: string) =>
    waitUntil(`${commandId} to be ${state}`, async () => (await stateOf(commandId)) === state)
  before(() => (keeper = new CommandKeeper(test.database, options)))
  after(async () => {
    await keeper.close()
    assert.deepEqual(faults, [])
  })

  it('lets time pass for what it finds, whoever left it there', async () => {
    now = begun
    const waiting = await make({ deviceId: 'k-1', expiresAt: begun + 1_000 })
    const unanswered = await sent({ deviceId: 'k-2', capabilities: noCapabilities })
    const patient = await sent({ deviceId: 'k-3' })
    now = begun + 5_000
    await comesTo(unanswered, 'unknown')
    await comesTo(waiting, 'expired')
    assert.equal(await stateOf(patient), 'dispatched')
    assert.deepEqual(await history(unanswered), [
      'queued requested ana',
      'queued dispatched dispatching',
      'dispatched unknown due',
    ])
  })

  it('takes answers that come at once together, each for itself', async () => {
    const ids = await Promise.all(['k-4', 'k-5', 'k-6'].map((deviceId) => sent({ deviceId })))
    const taken = await Promise.all(
      ids.map((commandId, index) =>
        keeper.takeAcks([
          {
            ...{ deviceId: `k-${index + 4}`, receivedAt: now },
            ack: { command_id: commandId, status: 'executed', at: now },
          },
        ]),
      ),
    )
    assert.deepEqual(
      taken.flat().map(({ command }) => command?.state),
      ['executed', 'executed', 'executed'],
    )
    assert.equal(keeper.waiting, 0)
  })

  it('does nothing before the clock was told, and lets answers wait', async () => {
    const commandId = await sent({ deviceId: 'k-7' })
    const waiting = await make({ deviceId: 'k-8', expiresAt: now + 1 })
    isSet = false
    const patient = new CommandKeeper(test.database, options)
    now += 60_000
    const ack = { command_id: commandId, status: 'executed', at: now } as const
    const taken = patient.takeAcks([{ deviceId: 'k-7', receivedAt: now, ack }])
    await waitUntil('the answer to wait', () => patient.waiting === 1)
    assert.equal(await stateOf(commandId), 'dispatched')
    isSet = true
    await taken
    assert.equal(await stateOf(commandId), 'executed')
    await comesTo(waiting, 'expired')
    await patient.close()
  })

  it('leaves what waits for its device until that is free', async () => {
    const first = await sent({ deviceId: 'k-9', expiresAt: now + 600_000 }, now - begun)
    const left = await make({ deviceId: 'k-9', expiresAt: now + 1_000 }, now)
    await test.database.query('update command set quarantined = true where command_id = $1', [left])
    now += 1_500
    const refused = await happen(left, { kind: 'due' }, now)
    assert.equal(refused.refused, 'device-busy')
    await happen(first, { kind: 'answered', status: 'executed' }, now)
    await comesTo(left, 'unknown')
  })

  it('lets time pass for all others, however many wait for devices that are not free', async () => {
    const doubt = await sent({ deviceId: 'k-10', capabilities: noCapabilities, expiresAt: now + 600_000 }, now - begun)
    const left = Array.from({ length: 510 }, () => aMadeCommand({ deviceId: 'k-10', expiresAt: now + 1_000 }))
    const by = { username: 'ana' }
    await test.database.transaction((client) =>
      changeCommands(
        client,
        left.map((made) => ({ made, by })),
        now,
      ),
    )
    await test.database.query(`update command set quarantined = true where device_id = 'k-10' and not in_flight`)
    const other = await make({ deviceId: 'k-11', expiresAt: now + 2_000 }, now)
    now += 5_000
    await comesTo(other, 'expired')
    assert.equal(await stateOf(doubt), 'unknown')
    await test.database.query(`update command set due_at = null where device_id = 'k-10'`)
  })

  it('comes to the same with another one beside it, whoever is told what', async () => {
    const other = new CommandKeeper(test.database, options)
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sent({ deviceId: `two-${index}`, expiresAt: now + 600_000 }, now - begun),
      ),
    )
    const left = await Promise.all(
      ids.map((_, index) => make({ deviceId: `two-${index}`, expiresAt: now + 5_000 }, now)),
    )
    const acks = ids.map((commandId, index): ReceivedAck => ({
      ...{ deviceId: `two-${index}`, receivedAt: now },
      ack: { command_id: commandId, status: index % 2 === 0 ? 'executed' : 'rejected', at: now },
    }))
    now += 5_000
    await Promise.all([keeper.takeAcks(acks), other.takeAcks(acks.toReversed())])
    for (const [index, commandId] of ids.entries())
      assert.deepEqual((await history(commandId)).slice(2), [
        index % 2 === 0 ? 'dispatched executed executed' : 'dispatched rejected refused-by-device',
      ])
    for (const commandId of left) {
      await comesTo(commandId, 'expired')
      assert.deepEqual((await history(commandId)).slice(1), ['queued expired due'])
    }
    await other.close()
  })
})
