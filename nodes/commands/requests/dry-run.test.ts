import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { Identity } from '../../../platform/access/identity.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { aMadeCommand } from '../made-command.fixture.ts'
import { requestHashOf } from './command-request.ts'
import { dryRun } from './dry-run.ts'
import { aRequest, enterDevices } from './requests.fixture.ts'

describe('a dry run', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => enterDevices(test.database))
  const operator = { username: 'ana', role: 'operator' } as Identity
  const run = (of: Parameters<typeof aRequest>[0]) => dryRun(test.database, aRequest(of), operator, platformClock.now())
  const make = async (of: Parameters<typeof aMadeCommand>[0]): Promise<string> => {
    const now = platformClock.now()
    const made = aMadeCommand({ expiresAt: now + 60_000, ...of })
    await test.database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], now))
    return made.commandId
  }

  it('tells what a proof is bound to, and when it would expire', async () => {
    const request = aRequest({ deviceId: 'sw-1', type: 'trip', expiresInSeconds: 20 })
    const now = platformClock.now()
    const { requestHash, needsProof, expiresAt, state } = await dryRun(test.database, request, operator, now)
    assert.deepEqual([requestHash, needsProof, state], [requestHashOf(request), true, 'queued'])
    assert.equal(expiresAt, now + 20_000)
  })

  it('tells what would be sent before it, and whose place it would take', async () => {
    const [limit, point] = [
      await make({ deviceId: 'der-1', type: 'set_limit', args: { p_limit_kw: 1 } }),
      await make({ deviceId: 'der-1', type: 'set_point', args: { p_setpoint_kw: 1 } }),
    ]
    const { waitsFor, supersedes } = await run({ deviceId: 'der-1', type: 'set_point', args: { p_setpoint_kw: 2 } })
    assert.deepEqual([waitsFor, supersedes], [[limit], [point]])
  })

  it('tells that a doubt stands against it, as a request would be told', async () => {
    const commandId = await make({ deviceId: 'panel-1', type: 'reboot' })
    await test.database.query(`update command set state = 'unknown', in_flight = true where command_id = $1`, [
      commandId,
    ])
    const { state, refusal } = await run({ deviceId: 'panel-1' })
    assert.deepEqual([state, refusal!.code], [null, 'device-in-doubt'])
    assert.ok(refusal!.detail.includes(commandId))
  })

  it('is refused where it makes no sense at all, or somebody may not operate', async () => {
    await assert.rejects(run({ deviceId: 'nobody' }), { status: 404 })
    await assert.rejects(run({ type: 'open', reason: 'x' }), { status: 400 })
    const viewer = { ...operator, role: 'viewer' } as Identity
    await assert.rejects(dryRun(test.database, aRequest(), viewer, 0), { status: 403, code: 'wrong-role' })
  })
})
