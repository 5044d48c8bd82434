import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { health } from '../http/health.ts'
import { startFlow, type TestFlow } from '../node/flow.fixture.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import register, { tlsOf, type PostgresqlNode } from './postgresql.ts'
import { useDatabase } from './test-database.ts'

describe('postgresql', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const before = { ...process.env }
  let flow: TestFlow

  afterEach(async () => {
    await flow.stop()
    process.env = { ...before }
  })

  const start = async (config: Record<string, unknown>, password?: unknown): Promise<PostgresqlNode> => {
    const node = { id: 'db', type: 'linhaviva-postgresql', ...config }
    flow = await startFlow([register], [node], password === undefined ? {} : { db: { password } })
    return flow.node<PostgresqlNode>('db')
  }

  it('reaches the database that its fields name, and keeps the registry of it', async () => {
    const { host, port, database: name, user, password } = test.login
    const { database, registry } = await start({ host, port: String(port), database: name, user }, password)
    await database.ready()
    await registry.ready()
    assert.equal(registry.size, 0)
    assert.equal(health(0).db, 'up')
    await flow.stop()
    assert.equal(health(0).reasons![0], 'db: no node of the flows stands for it')
  })

  it('takes from the environment what its fields leave open', async () => {
    const { host, port, database: name, user, password } = test.login
    Object.assign(process.env, {
      DB_HOST: host,
      DB_PORT: String(port),
      DB_NAME: name,
      DB_USER: user,
      DB_PASSWORD: password,
    })
    const { database } = await start({})
    await database.ready()
  })

  it('says why the database is down', async () => {
    const { host, port, database: name, user } = test.login
    await start({ host, port: String(port), database: name, user }, 'wrong')
    await waitUntil('the reason', () => /password authentication failed/.test(health(0).reasons?.join() ?? ''))
  })

  for (const port of ['no port', '0', '70000']) {
    it(`does not run with port ${port}, and says so`, async () => {
      await start({ port })
      await flow.showed('db', `port is "${port}", not a port number`)
    })
  }

  it('encrypts as it is told, and checks certificates only where told', async () => {
    await start({ port: '1' })
    assert.equal(tlsOf('off'), false)
    assert.deepEqual(tlsOf('require'), { rejectUnauthorized: false })
    assert.deepEqual(tlsOf('verify'), { rejectUnauthorized: true })
  })
})
