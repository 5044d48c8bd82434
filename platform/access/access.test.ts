import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { passwordOf, useAccess } from './access.fixture.ts'

describe('access', function () {
  this.timeout(20_000)
  const suite = useAccess()

  it('lets in whoever knows name and password, with a token that names nobody else', async () => {
    const login = await suite.access.login('viewer', passwordOf('viewer'), { address: '192.0.2.1' })
    assert.ok(login)
    const { username, role, sessionId } = (await suite.access.verify(login.token))!
    assert.deepEqual([username, role, sessionId], ['viewer', 'viewer', login.identity.sessionId])
    assert.equal(await suite.access.login('viewer', passwordOf('admin')), undefined)
    assert.equal(await suite.access.login('nobody', passwordOf('admin')), undefined)
    await suite.access.logout(sessionId)
    assert.equal(await suite.access.verify(login.token), undefined)
  })
})
