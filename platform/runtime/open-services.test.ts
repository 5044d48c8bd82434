import assert from 'node:assert/strict'
import { useDatabase } from '../storage/test-database.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { openServices } from './open-services.ts'

describe('openServices', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('lets the users of the environment in, and has written down who was refused when it stops', async () => {
    const { host, port, database, user, password } = test.login
    const environment: Environment = {
      ...readEnvironment({ AUTH_USERS: JSON.stringify([{ username: 'ana', password: 'of-ana', role: 'admin' }]) }),
      DB_HOST: host,
      DB_PORT: port!,
      DB_NAME: database!,
      DB_USER: user!,
      DB_PASSWORD: password as string,
    }
    const stopping = new AbortController()
    const { access, registry, database: opened } = openServices(environment, stopping.signal)
    try {
      await access.ready()
      assert.equal((await access.login('ana', 'of-ana'))?.identity.role, 'admin')
      assert.equal(await access.login('ana', 'of-bia'), undefined)
      stopping.abort()
      await access.close()
      const refused = await test.database.query(`select username from access_log where event = 'login_failed'`)
      assert.deepEqual(refused, [{ username: 'ana' }])
    } finally {
      stopping.abort()
      await Promise.all([access.close(), registry.close()])
      await opened.close()
    }
  })
})
