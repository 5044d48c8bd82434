import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { findRequest, insertRequest, lockDevice, openCommands } from './request-repository.ts'

describe('what is stored of requests', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const ids: string[] = []
  before(async () => {
    await test.database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
    await test.database.query(`insert into site (site_id, feeder_id) values ('s-1', 'f-2')`)
    await test.database.query(
      `insert into device (device_id, kind, status, feeder_id, site_id, rated_kw) values ('sw-1', 'switch', 'active', 'f-1', null, null),
         ('der-1', 'der', 'active', null, 's-1', 7.5), ('sw-2', 'switch', 'rejected', null, null, null)`,
    )
    for (let n = 0; n < 3; n++) {
      const made = aMadeCommand()
      ids.push(made.commandId)
      const change = { made, by: { username: 'ana' } }
      await test.database.transaction((client) => changeCommands(client, [change], begun + n))
    }
    const cancelled = { commandId: ids[1]!, event: { kind: 'cancelled' } as const, by: null }
    await test.database.transaction((client) => changeCommands(client, [cancelled], begun + 3))
  })

  it('a device has the feeder of its own, or of its site; one that is not let in is none', async () => {
    const locked = (deviceId: string) =>
      test.database.transaction((client) => lockDevice(queriesOf(client), deviceId, begun))
    assert.deepEqual(await locked('sw-1'), { kind: 'switch', feederId: 'f-1' })
    assert.deepEqual(await locked('der-1'), { kind: 'der', feederId: 'f-2' })
    assert.equal(await locked('sw-2'), undefined)
  })

  it('commands of a device that are not over come with the oldest first', async () => {
    const open = await openCommands(test.database, 'sw-1', 10)
    assert.deepEqual(
      open.map(({ commandId, state }) => [commandId, state]),
      [
        [ids[0], 'queued'],
        [ids[2], 'queued'],
      ],
    )
    assert.equal((await openCommands(test.database, 'sw-1', 1)).length, 1)
  })

  it('a key is good once for each user, and nothing changes what it stands for', async () => {
    const [commandId, other] = [ids[0]!, ids[2]!]
    const hash = { requestHash: 'abc' }
    assert.ok(await insertRequest(test.database, 'ana', 'key', { commandId, ...hash }))
    assert.ok(!(await insertRequest(test.database, 'ana', 'key', { commandId: other, ...hash })))
    assert.ok(await insertRequest(test.database, 'bia', 'key', { commandId: other, ...hash }))
    assert.deepEqual(await findRequest(test.database, 'ana', 'key'), { commandId, ...hash })
    assert.equal(await findRequest(test.database, 'ana', 'other'), undefined)
    for (const change of [`update command_request set request_hash = 'x'`, 'delete from command_request'])
      await assert.rejects(test.database.query(change), /permission denied/)
  })
})
