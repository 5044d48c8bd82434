import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { roles } from '../access/roles.ts'
import { editorAuth } from './editor-auth.ts'

const access = {
  verify: async (token: string) =>
    roles
      .filter((role) => role === token)
      .map((role) => ({ username: 'ana', role, sessionId: 's', expiresAt: 0, sessionEndsAt: 0 }))[0],
}

describe('editorAuth', () => {
  for (const [token, permissions] of [
    ['viewer', undefined],
    ['operator', undefined],
    ['engineer', '*'],
    ['admin', '*'],
    ['forged', undefined],
  ] as const) {
    it(`gives ${token} ${permissions ? 'all of the editor' : 'nothing of the editor'}`, async () => {
      const user = await editorAuth(access, true).tokens(token)
      assert.deepEqual(user, permissions ? { username: 'ana', sessionId: 's', role: token, permissions } : null)
    })
    it(`gives ${token} nothing where the editor is off`, async () =>
      assert.equal(await editorAuth(access, false).tokens(token), null))
  }

  it('names no type: Node-RED then takes no passwords itself', () =>
    assert.deepEqual(Object.keys(editorAuth(access, true)).sort(), ['tokenHeader', 'tokens']))
})
