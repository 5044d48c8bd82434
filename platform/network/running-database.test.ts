import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedDatabase } from '../runtime/embedded-database.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { NoDatabase, runningDatabase } from './running-database.ts'

describe('the running database', () => {
  let dataDir: string
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'linha-viva-running-'))))
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  const find = (env: NodeJS.ProcessEnv = {}) => runningDatabase(readEnvironment({ DATA_DIR: dataDir, ...env }))

  it('is the external one where there is one', () => {
    const login = find({ DB_HOST: 'db.example', DB_PORT: '5433', DB_USER: 'run', DB_PASSWORD: 'p', DB_SSL: 'verify' })
    const expected = { host: 'db.example', port: 5433, user: 'run', database: 'linhaviva', password: 'p' }
    assert.deepEqual(login, { ...expected, ssl: { rejectUnauthorized: true } })
  })

  it('is the embedded one that runs on DATA_DIR', async () => {
    const server = await startEmbeddedDatabase({ dataDir })
    try {
      const client = new Client(find())
      await client.connect()
      const { rows } = await client.query('select current_user::text as role')
      await client.end()
      assert.deepEqual(rows, [{ role: server.running.user }])
    } finally {
      await server.stop()
    }
    assert.throws(() => find(), NoDatabase)
  }).timeout(60_000)

  it('is none where none runs, and nothing is made up', () => {
    assert.throws(() => find(), /^NoDatabase: no database runs on DATA_DIR .*: start Linha Viva/)
    mkdirSync(join(dataDir, 'postgresql'))
    // A process that is long gone.
    writeFileSync(join(dataDir, 'postgresql', 'postmaster.pid'), '4194300\n/data\n1\n5432\n')
    assert.throws(() => find(), NoDatabase)
    assert.deepEqual(readdirSync(dataDir), ['postgresql'])
  })
})
