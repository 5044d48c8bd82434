import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from './test-database.ts'

describe('the database of a suite', () => {
  const test = useDatabase()

  it('has the schema of this release, and is reached as the running role', async () => {
    assert.deepEqual(test.database.state, { up: true })
    assert.deepEqual(await test.database.query('select current_user::text as role'), [{ role: test.login.user }])
    assert.notEqual(test.login.user, test.owner.user)
  })
})
