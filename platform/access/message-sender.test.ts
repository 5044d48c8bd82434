import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { NodeMessage } from 'node-red'
import { useAccess } from './access.fixture.ts'
import { senderOf } from './message-sender.ts'
import { passwordOf } from './users.fixture.ts'

describe('who sent a message', () => {
  const suite = useAccess()
  const sender = (_client: unknown) => senderOf({ _msgid: '1', _client } as NodeMessage, suite.access)

  it('is logic where it names nobody', async () => {
    assert.deepEqual(await senderOf({ _msgid: '1' }, suite.access), { kind: 'logic' })
    assert.deepEqual(await sender(null), { kind: 'logic' })
  })

  it('is the person whose session is open, by the role of this moment', async () => {
    const login = await suite.access.login('operator', passwordOf('operator'), { address: '192.0.2.1' })
    const { username, sessionId } = login!.identity
    const person = await sender({ username, sessionId, role: 'admin', socketIp: '192.0.2.9' })
    assert.ok(person.kind === 'person')
    assert.deepEqual([person.identity.role, person.address], ['operator', '192.0.2.9'])
    await suite.access.logout(sessionId)
    assert.deepEqual(await sender({ username, sessionId }), { kind: 'unproven' })
  })

  it('is nobody where it says less, or nobody can be asked', async () => {
    for (const named of [{}, { username: 'operator' }, { username: 'operator', sessionId: 4 }, 'operator'])
      assert.deepEqual(await sender(named), { kind: 'unproven' })
    const named = { username: 'operator', sessionId: crypto.randomUUID() }
    assert.deepEqual(await senderOf({ _msgid: '1', _client: named } as NodeMessage, undefined), { kind: 'unproven' })
  })
})
