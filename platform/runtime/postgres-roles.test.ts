import assert from 'node:assert/strict'
import { Client } from 'pg'
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.ts'
import { prepareRoles } from './postgres-roles.ts'

describe('prepareRoles', function () {
  this.timeout(30_000)
  let server: EmbeddedDatabase
  let client: Client
  const database = 'Other "base"'
  const owner = { name: 'the owner', password: "it's a \\ secret", owns: true }
  const running = { name: 'the running', password: 'r', owns: false }
  before(async () => {
    server = await startEmbeddedDatabase()
    client = new Client(server.superuser)
    await client.connect()
    await prepareRoles(client, database, [owner, running])
  })
  after(async () => {
    await client.end()
    await server.stop()
  })

  async function as({ name, password }: typeof owner, text: string): Promise<unknown[]> {
    const own = new Client({ ...server.superuser, user: name, password, database })
    await own.connect()
    try {
      return (await own.query(text)).rows
    } finally {
      await own.end()
    }
  }

  it('makes roles that are neither superuser nor may make others, whatever their names', async () => {
    for (const role of [owner, running]) {
      const [rights] = await as(
        role,
        `select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = current_user`,
      )
      assert.deepEqual([...new Set(Object.values(rights as object))], [false])
      await assert.rejects(as(role, 'create role another'), { code: '42501' })
    }
  })

  it('gives the database to the owner, and not to the running role', async () => {
    const { rows } = await client.query('select datdba::regrole::text as owner from pg_database where datname = $1', [
      database,
    ])
    assert.deepEqual(rows, [{ owner: '"the owner"' }])
    await as(owner, 'create table reading (at timestamptz)')
    await assert.rejects(as(running, 'create table mine (at timestamptz)'), { code: '42501' })
    await assert.rejects(as(running, 'create schema mine'), { code: '42501' })
    await assert.rejects(as(running, 'drop table reading'), { code: '42501' })
    await as(running, 'create temporary table scratch (at timestamptz)')
  })

  it('lets nobody else in', async () => {
    await client.query(`create role stranger login password 's'`)
    await assert.rejects(as({ ...running, name: 'stranger', password: 's' }, 'select'), { code: '42501' })
  })

  it('takes back what a role was given, and sets its password, when repeated', async () => {
    await client.query('alter role "the running" superuser createrole')
    await prepareRoles(client, database, [owner, { ...running, password: 'changed' }])
    await assert.rejects(as(running, 'select'), { code: '28P01' })
    const [role] = await as(
      { ...running, password: 'changed' },
      'select rolsuper or rolcreaterole as mighty from pg_roles where rolname = current_user',
    )
    assert.deepEqual(role, { mighty: false })
    await as(owner, 'select * from reading')
  })
})
