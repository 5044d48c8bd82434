import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useAccess } from '../../../platform/access/access.fixture.ts'
import type { Identity } from '../../../platform/access/identity.ts'
import type { Role } from '../../../platform/access/roles.ts'
import { passwordOf } from '../../../platform/access/users.fixture.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { commandById } from '../keeper/command-repository.ts'
import { acceptCommand, type Accepting } from './accept.ts'
import { acceptingOf } from './accepting.ts'
import { requestHashOf, type CommandRequest } from './command-request.ts'
import { mostOpen } from './look.ts'
import { aRequest, enterDevices, loggedOf } from './requests.fixture.ts'

const now = Date.UTC(2026, 10, 21, 12)

describe('accepting a command', function () {
  this.timeout(60_000)
  const suite = useAccess()
  const { test } = suite
  let accepting: Accepting
  const identities = new Map<Role, Identity>()
  before(async () => {
    accepting = acceptingOf({ database: test.database, access: suite.access })
    await enterDevices(test.database)
    for (const role of ['operator', 'viewer'] as const) {
      const login = await suite.access.login(role, passwordOf(role), { address: '192.0.2.1' })
      identities.set(role, login!.identity)
    }
  })
  const prove = async (request: CommandRequest, role: Role = 'operator', purpose: object = {}) => {
    const of = { action: 'command', target: request.deviceId, bodyHash: requestHashOf(request), ...purpose }
    const caller = { address: '192.0.2.1' }
    return (await suite.access.prove(identities.get(role)!, passwordOf(role), of, caller))!.proof
  }
  const accept = (request: CommandRequest, proof?: string) => acceptCommand(accepting, request, { proof }, now)

  it('knows who asks by a proof that comes alone, and by nothing else', async () => {
    const request = aRequest()
    const { commandId, isRepeated } = await accept(request, await prove(request))
    assert.equal(isRepeated, false)
    const { requestedBy, state, expiresAt } = (await commandById(test.database, commandId))!
    assert.deepEqual([requestedBy, state, expiresAt], ['operator', 'queued', now + 300_000])
  })

  it('refuses a proof that is forged, replayed, or for something else, and takes all of it down', async () => {
    const request = aRequest()
    const proof = await prove(request)
    await accept(request, proof)
    for (const [what, given] of [
      ['none', undefined],
      ['forged', `${proof.slice(0, -2)}xx`],
      ['replayed', proof],
      ['another target', await prove(request, 'operator', { target: 'sw-1' })],
      ['another action', await prove(request, 'operator', { action: 'deploy' })],
      ['another body', await prove(request, 'operator', { bodyHash: '0'.repeat(64) })],
    ] as const)
      await assert.rejects(accept(request, given), { status: 401 }, what)
    await assert.rejects(accept(request, await prove(request, 'viewer')), { status: 403, code: 'wrong-role' })
    const lines = await waitUntil('refusals in the access log', async () => {
      const found = await loggedOf(test.database, 'command_refused')
      return found.length >= 7 && found
    })
    assert.equal(lines.filter((line) => /read_now meter-1 \| proof-(refused|needed)/.test(line)).length, 6)
    assert.equal(lines.filter((line) => line.startsWith('viewer | read_now meter-1 | wrong-role')).length, 1)
  })

  it('knows what it has accepted also when that has expired', async () => {
    const requester = { identity: identities.get('operator') }
    const request = aRequest({ expiresAt: new Date(now + 60_000).toISOString() })
    const { commandId } = await acceptCommand(accepting, request, requester, now)
    const again = await acceptCommand(accepting, request, requester, now + 3_600_000)
    assert.deepEqual(again, { commandId, isRepeated: true })
  })

  it('bounds what waits for one device, and knows what it accepted last also where it is asked for it many times at once', async () => {
    const identity = identities.get('operator')
    const ask = (request = aRequest({ deviceId: 'panel-1' })) => acceptCommand(accepting, request, { identity }, now)
    for (let n = 1; n < mostOpen; n++) await ask()
    const last = aRequest({ deviceId: 'panel-1' })
    const accepted = await Promise.all(Array.from({ length: 10 }, () => ask(last)))
    assert.equal(new Set(accepted.map(({ commandId }) => commandId)).size, 1)
    assert.equal(accepted.filter(({ isRepeated }) => !isRepeated).length, 1)
    await assert.rejects(ask(), { status: 409, code: 'too-many' })
  })
})
