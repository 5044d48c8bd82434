import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useAccess } from '../../../platform/access/access.fixture.ts'
import type { Role } from '../../../platform/access/roles.ts'
import { passwordOf } from '../../../platform/access/users.fixture.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { commandById } from '../keeper/command-repository.ts'
import { acceptingOf } from './accepting.ts'
import { approveCommand, cancelCommand, type Decider, type Deciding } from './decide.ts'
import { acceptCommand, type Accepting } from './accept.ts'
import { requestHashOf } from './command-request.ts'
import { aRequest, enterDevices } from './requests.fixture.ts'

describe('deciding at the same moment', function () {
  this.timeout(60_000)
  const suite = useAccess()
  const { test } = suite
  const deciders = new Map<Role, Decider>()
  let services: Accepting & Deciding
  before(async () => {
    services = acceptingOf({ database: test.database, access: suite.access })
    await enterDevices(test.database)
    for (const role of ['operator', 'engineer', 'admin'] as const) {
      const login = await suite.access.login(role, passwordOf(role), { address: '192.0.2.1' })
      deciders.set(role, { identity: login!.identity, address: '192.0.2.1' })
    }
  })
  const pending = async () => {
    const request = aRequest({ deviceId: 'sw-1', type: 'open', reason: 'works' })
    const by = deciders.get('operator')!
    const purpose = { action: 'command', target: 'sw-1', bodyHash: requestHashOf(request) }
    const { proof } = (await suite.access.prove(by.identity, passwordOf('operator'), purpose, by))!
    const { commandId } = await acceptCommand(services, request, { ...by, proof }, platformClock.now())
    return (await commandById(test.database, commandId))!
  }

  it('one of several decides, and the others hear that it is decided', async () => {
    const { commandId, bodyHash } = await pending()
    const now = platformClock.now()
    const outcomes = await Promise.allSettled([
      approveCommand(services, commandId, bodyHash, deciders.get('engineer')!),
      approveCommand(services, commandId, bodyHash, deciders.get('admin')!),
      cancelCommand(services, commandId, 'not needed', deciders.get('operator')!, now),
    ])
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.equal(outcome.reason.status, 409, String(outcome.reason))
    const { state } = (await commandById(test.database, commandId))!
    assert.ok(['queued', 'cancelled'].includes(state), state)
  })
})
