import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { Intended } from '../interlocks/interlock.ts'
import { changeCommands, type CommandAct, type MadeCommand } from '../keeper/change-commands.ts'
import { aMadeCommand, begun, fullCapabilities, plainPlan } from '../made-command.fixture.ts'
import { bodyHashOf } from '../requests/body-hash.ts'
import { nextControlNumbers } from './dispatch-repository.ts'
import { takeCommands, type Forbidding } from './take-commands.ts'

const nothing: Forbidding = async (_queries, intended) => intended.map(() => [])

describe('taking commands that are to be sent', function () {
  this.timeout(60_000)
  const test = useDatabase()
  afterEach(() =>
    test.database.query(
      `update command set state = 'cancelled', send_at = null, due_at = null, in_flight = false where state <> 'cancelled'`,
    ),
  )
  const change = (changes: Parameters<typeof changeCommands>[1], now = begun) =>
    test.database.transaction((client) => changeCommands(client, changes, now))
  async function make(of: Partial<MadeCommand> = {}): Promise<string> {
    const made = aMadeCommand(of)
    await change([{ made, by: { username: 'ana' } }])
    return made.commandId
  }
  const happen = (commandId: string, event: CommandAct['event'], now = begun) =>
    change([{ commandId, event, by: null }], now)
  const take = (now = begun, forbidding = nothing, most = 100) =>
    test.database.transaction((client) => takeCommands(client, forbidding, now, most))

  it('takes one of each device, the oldest first, no more than asked for, and none whose time is over', async () => {
    const [first, second, third] = [await make({ deviceId: 'a' }), await make({ deviceId: 'b' }), await make()]
    await make({ deviceId: 'c', expiresAt: begun })
    const ids = (await take(begun, nothing, 2)).map(({ command }) => command.commandId)
    assert.equal(ids.length, 2)
    const rest = (await take()).map(({ command }) => command.commandId)
    assert.deepEqual([...ids, ...rest].toSorted(), [first, second, third].toSorted())
    assert.deepEqual(await take(), [])
  })

  it('takes no device that another process has, and none whose command is in flight', async () => {
    await test.database.transaction((client) => nextControlNumbers(client, ['a']))
    await make({ deviceId: 'a' })
    await make({ deviceId: 'a' })
    await make({ deviceId: 'b' })
    const devices = (taken: Awaited<ReturnType<typeof take>>) => taken.map(({ command }) => command.deviceId)
    await test.database.transaction(async (client) => {
      await nextControlNumbers(client, ['a'])
      assert.deepEqual(devices(await take()), ['b'])
    })
    assert.deepEqual(devices(await take()), ['a'])
    assert.deepEqual(devices(await take()), [])
  })

  it('asks once what forbids all that is to act, and not what is only asked about', async () => {
    const doubt = await make({ deviceId: 'doubt', plan: { ...plainPlan, mostAttempts: 1 } })
    const select = await make({ deviceId: 'select', plan: { ...plainPlan, needsSelect: true } })
    const forbidden = await make({ deviceId: 'forbidden' })
    await happen(doubt, { kind: 'dispatching', controlNumber: 5 })
    await happen(doubt, { kind: 'due' }, begun + plainPlan.answerWithinMs)
    const asked: string[][] = []
    const taken = await take(begun + plainPlan.answerWithinMs, async (_queries, intended: readonly Intended[]) => {
      asked.push(intended.map(({ deviceId }) => deviceId))
      const text = { en: 'no', pt: 'não' }
      return intended.map(({ deviceId }) => (deviceId === 'forbidden' ? [{ interlock: 'tag', text }] : []))
    })
    assert.deepEqual(
      asked.map((devices) => devices.toSorted()),
      [['forbidden', 'select']],
    )
    assert.deepEqual(
      taken.map(({ command, phase }) => [command.commandId, phase]),
      [
        [doubt, 'query'],
        [select, 'select'],
      ],
    )
    const [row] = await test.database.query('select state, state_reason as reason from command where command_id = $1', [
      forbidden,
    ])
    assert.deepEqual(row, { state: 'rejected', reason: 'tag: no' })
  })

  it('sends what two persons agreed to, and not what somebody has made of it since, hash and all', async () => {
    const plan = { ...plainPlan, needsApproval: true }
    async function approved(deviceId: string): Promise<string> {
      const bodyHash = bodyHashOf(aMadeCommand({ deviceId, plan }))
      const [row] = await test.database.query<{ approvalId: number }>(
        `insert into approval (kind, body, body_hash, evidence, effect, proposed_by, proposed_by_id, proposed_at, expires_at,
           status, decided_by, decided_by_id, decided_at)
         values ('commands/command', $1, $2, 'works', '{}', 'ana', 1, '2026-09-07Z', '2026-09-08Z', 'approved', 'rui', 2, '2026-09-07Z')
         returning approval_id::float8 as "approvalId"`,
        [JSON.stringify({ bodyHash }), bodyHash],
      )
      const commandId = await make({ deviceId, plan, approvalId: row!.approvalId })
      await happen(commandId, { kind: 'approved' })
      return commandId
    }
    const [sound, changed] = [await approved('sound'), await approved('changed')]
    const body = aMadeCommand({ deviceId: 'changed', args: { limit_kw: 99 } })
    await test.database.query('update command set args = $2, body_hash = $3 where command_id = $1', [
      ...[changed, JSON.stringify(body.args), body.bodyHash],
    ])
    assert.deepEqual(
      (await take()).map(({ command }) => command.commandId),
      [sound],
    )
    const [row] = await test.database.query('select state_reason as reason from command where command_id = $1', [
      changed,
    ])
    assert.deepEqual(row, { reason: 'it is not what was approved' })
  })

  it('sends nothing to a device that is not let in any more, and asks it about what it was told', async () => {
    for (const deviceId of ['out-1', 'out-2', 'in-1'])
      await test.database.query(`insert into device (device_id, kind, status) values ($1, 'switch', 'active')`, [
        deviceId,
      ])
    const [told, waiting, sound] = [
      await make({ deviceId: 'out-1' }),
      await make({ deviceId: 'out-2' }),
      await make({ deviceId: 'in-1' }),
    ]
    await happen(told, { kind: 'dispatching', controlNumber: 5 })
    await test.database.query(`update device set status = 'rejected' where device_id like 'out-%'`)
    const taken = await take(begun + plainPlan.answerWithinMs)
    assert.deepEqual(
      taken.map(({ command }) => command.commandId),
      [sound],
    )
    const rows = await test.database.query(
      `select state, state_reason as reason from command where command_id = any ($1) order by device_id`,
      [[told, waiting]],
    )
    assert.deepEqual(rows, [
      { state: 'unknown', reason: 'not sent again: out-1 is not let in any more' },
      { state: 'rejected', reason: 'out-2 is not let in any more' },
    ])
  })

  it('takes nothing that stands as a backup left it, but asks about what was under way', async () => {
    const waiting = await make({ deviceId: 'waiting' })
    const sent = await make({ deviceId: 'sent', capabilities: fullCapabilities })
    await happen(sent, { kind: 'dispatching', controlNumber: 7 })
    await test.database.query('update command set quarantined = true where command_id = any ($1)', [[waiting, sent]])
    assert.deepEqual(await take(begun + 60_000), [])
    await happen(sent, { kind: 'due' }, begun + 600_000)
    const [asked, ...others] = await take(begun + 600_000)
    assert.deepEqual([asked?.command.commandId, asked?.phase, others], [sent, 'query', []])
  })
})
