import assert from 'node:assert/strict'
import { useDatabase } from '../storage/test-database.ts'
import { freePort } from './ports.ts'
import { readEnvironment } from './environment.ts'
import { externalOwner, migrateWhenPossible } from './migration.ts'
import { StartError } from './start-error.ts'

describe('externalOwner', () => {
  const lines: string[] = []
  const ownerOf = (env: Record<string, string>): ReturnType<typeof externalOwner> => {
    lines.length = 0
    return externalOwner(readEnvironment({ DB_HOST: 'db', ...env }), (line) => lines.push(line))
  }
  const production = { NODE_ENV: 'production', CREDENTIAL_SECRET: 'twelve or more' }

  it('is the role that was set for it, with its own password', () => {
    assert.deepEqual(
      ownerOf({ DB_PORT: '6000', DB_PASSWORD: 'a', DB_MIGRATION_USER: 'owner', DB_MIGRATION_PASSWORD: 'b' }),
      { host: 'db', port: 6000, user: 'owner', password: 'b', database: 'linhaviva', ssl: false },
    )
    assert.deepEqual(lines, [])
    assert.ok(!('password' in ownerOf({ DB_PASSWORD: 'a', DB_MIGRATION_USER: 'owner' })))
  })

  it('is the running role outside production where none was set, with a warning', () => {
    const { user, password } = ownerOf({ DB_USER: 'app', DB_PASSWORD: 'a' })
    assert.deepEqual([user, password], ['app', 'a'])
    assert.deepEqual(lines, ['DB_MIGRATION_USER is not set: app migrates the database and will own it'])
  })

  it('is never the running role in production', () => {
    assert.throws(() => ownerOf(production), StartError)
    assert.equal(ownerOf({ ...production, DB_MIGRATION_USER: 'owner' }).user, 'owner')
  })

  it('encrypts, and checks the certificate, as it was asked to', () => {
    assert.deepEqual(ownerOf({ DB_SSL: 'require' }).ssl, { rejectUnauthorized: false })
    assert.deepEqual(ownerOf({ DB_SSL: 'verify' }).ssl, { rejectUnauthorized: true })
  })
})

describe('migrateWhenPossible', function () {
  this.timeout(30_000)
  const test = useDatabase()

  it('tries again until the database is there', async () => {
    const { owner, running } = test.server
    const moving = { ...owner, port: await freePort() }
    const warnings: string[] = []
    const done: string[] = []
    await migrateWhenPossible(
      moving,
      running.user,
      (level, line) => {
        if (level === 'info') done.push(line)
        if (level !== 'warn') return
        warnings.push(line)
        moving.port = owner.port
      },
      new AbortController().signal,
    )
    assert.deepEqual(done, ['schema is up to date'])
    assert.equal(warnings.length, 1)
    assert.match(warnings[0]!, /^cannot be migrated \(.*ECONNREFUSED.*\); next attempt in 1 s$/)
    assert.ok(!warnings[0]!.includes(owner.password))
  })

  it('ends when it is stopped while it waits', async () => {
    const { running } = test.server
    const stopping = new AbortController()
    const closed = { ...running, port: await freePort() }
    await migrateWhenPossible(closed, running.user, () => stopping.abort(), stopping.signal)
    await migrateWhenPossible(closed, running.user, () => assert.fail('tried all the same'), stopping.signal)
  })
})
