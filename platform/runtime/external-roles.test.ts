import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import { migrate } from '../storage/migrate.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.ts'

describe('npm run roles', function () {
  this.timeout(60_000)
  let server: EmbeddedDatabase
  before(async () => void (server = await startEmbeddedDatabase()))
  after(() => server.stop())

  const settings = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...{ DB_HOST: '127.0.0.1', DB_PORT: String(server.superuser.port), DB_NAME: 'field' },
    ...{ DB_ADMIN_USER: server.superuser.user, DB_ADMIN_PASSWORD: server.superuser.password },
    ...{ DB_MIGRATION_USER: 'field_owner', DB_MIGRATION_PASSWORD: 'o', DB_USER: 'field', DB_PASSWORD: 'r' },
    ...{ DB_READER_USER: 'field_reader', DB_READER_PASSWORD: "it's" },
    ...changes,
  })

  async function run(env: NodeJS.ProcessEnv, args: readonly string[] = []) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'roles-cli.js'), ...args], { env })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    return { code, out, err }
  }

  const login = (user: string, password: string) => ({ ...server.superuser, database: 'field', user, password })

  async function as(user: string, password: string, statement: string): Promise<unknown[]> {
    const client = new Client(login(user, password))
    await client.connect()
    try {
      return (await client.query(statement)).rows
    } finally {
      await client.end()
    }
  }

  it('prepares an empty server, so that it can be migrated, run on, and read', async () => {
    const { code, out, err } = await run(settings())
    assert.deepEqual([code, err], [0, ''])
    assert.equal(out, 'database field on 127.0.0.1: roles field_owner, field, field_reader\n')
    await migrate(login('field_owner', 'o'), 'field', () => undefined, 'field_reader')
    await as('field', 'r', "insert into feeder (feeder_id) values ('f-1')")
    assert.deepEqual(await as('field_reader', "it's", 'select feeder_id from feeder'), [{ feeder_id: 'f-1' }])
  })

  it('lets the reader read what is measured, and nothing that was refused or may be personal, nor write', async () => {
    for (const table of [
      'der_reading',
      'reading_hour',
      'latest_reading',
      'device',
      'quarantine_count',
      'alarm',
      'alarm_occurrence_report',
      'alarm_transition_report',
    ])
      await as('field_reader', "it's", `select * from ${table}`)
    for (const statement of [
      'select * from quarantine',
      'select * from consumer_unit',
      'select username, reason from alarm_transition',
      'select acknowledged_by from alarm_occurrence',
      'select * from alarm_action',
      "insert into feeder (feeder_id) values ('f-2')",
      'delete from der_reading',
      "select ensure_partition('der_reading', now())",
      'create table mine (a integer)',
    ])
      await assert.rejects(as('field_reader', "it's", statement), { code: '42501' }, statement)
  })

  it('gives the passwords of the environment, when repeated', async () => {
    assert.equal((await run(settings({ DB_READER_PASSWORD: 'changed' }))).code, 0)
    await assert.rejects(as('field_reader', "it's", 'select'), { code: '28P01' })
    assert.deepEqual(await as('field_reader', 'changed', 'select count(*)::integer as feeders from feeder'), [
      { feeders: 1 },
    ])
  })

  it('says in one line what is missing, and touches nothing', async () => {
    for (const [changes, line] of [
      [{ DB_HOST: '' }, /^roles: DB_HOST is not set[^\n]*\n$/],
      [{ DB_PASSWORD: '' }, /^roles: DB_PASSWORD is not set\n$/],
      [{ DB_MIGRATION_USER: '' }, /^roles: DB_MIGRATION_USER is not set\n$/],
      [{ DB_USER: server.superuser.user }, /^roles: "postgres" is named twice[^\n]*\n$/],
      [{ DB_PORT: 'x' }, /^roles: DB_PORT is "x"[^\n]*\n$/],
    ] as const) {
      const { code, err } = await run(settings(changes))
      assert.equal(code, 2)
      assert.match(err, line)
    }
  })

  it('says in one line that the server lets it in no further', async () => {
    const { code, err } = await run(settings({ DB_ADMIN_PASSWORD: 'wrong' }))
    assert.equal(code, 1)
    assert.match(err, /^roles: password authentication failed[^\n]*\n$/)
  })
})
