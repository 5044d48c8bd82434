import assert from 'node:assert/strict'
import { useAccess } from './access.fixture.ts'
import { checkPassword } from './password-check.ts'
import { passwordOf } from './users.fixture.ts'

describe('the check of a password', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let attempts = 0
  /** From an address of its own: none waits for what another one failed. */
  const check = (username: string, password: string) =>
    checkPassword(suite.test.database, username, password, `192.0.2.${++attempts}`, suite.clock.now())

  it('finds the user, however the name is written', async () => {
    for (const name of ['operator', 'OPERATOR']) {
      const checked = await check(name, passwordOf('operator'))
      assert.ok('account' in checked)
      assert.equal(checked.account.username, 'operator')
    }
  })

  it('says for the log what is wrong, and the name of a user only: people type passwords there', async () => {
    assert.deepEqual(await check('operator', 'x'), { username: 'operator', detail: 'wrong password' })
    for (const name of [passwordOf('admin'), '', 'a\0b', 'x'.repeat(10_000)])
      assert.deepEqual(await check(name, passwordOf('admin')), { username: undefined, detail: 'unknown user' })
  })

  it('lets no disabled user in, with the right password', async () => {
    await suite.access.accounts.change('viewer', { disabled: true })
    assert.deepEqual(await check('viewer', passwordOf('viewer')), { username: 'viewer', detail: 'disabled user' })
  })
})
