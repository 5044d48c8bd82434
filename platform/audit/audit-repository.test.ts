import assert from 'node:assert/strict'
import { Client } from 'pg'
import { sha256Of } from '../storage/canonical-json.ts'
import { useDatabase } from '../storage/test-database.ts'
import { entriesAfter, forgetAudited, headOf, rightsTooMany } from './audit-repository.ts'
import { breakAt, hashOf } from './chain.ts'

describe('the audit in the database', function () {
  this.timeout(60_000)
  // Before the database goes.
  after(() => Promise.all([running.end(), owner.end()]))
  const test = useDatabase()
  let running: Client
  let owner: Client
  before(async () => {
    running = new Client(test.login)
    owner = new Client(test.owner)
    await Promise.all([running.connect(), owner.connect()])
    await running.query(`select ensure_partition('access_log', '2026-11-01')`)
  })

  const enter = (detail: string) =>
    running.query(
      `insert into access_log (at, event, username, detail) values ('2026-11-21T12:00:00.5Z', 'login', 'ana', $1)`,
      [detail],
    )

  it('has what was entered, hashed as docs/audit.md says', async () => {
    const before = await headOf(test.database)
    await enter('naïve "quotes" \n and \\ more')
    const [entry] = await entriesAfter(test.database, before.seq, 10)
    assert.equal(entry!.seq, before.seq + 1)
    assert.equal(entry!.previousHash, before.hash)
    assert.equal(entry!.contentHash, sha256Of(entry!.content!))
    assert.equal(entry!.hash, hashOf(entry!))
    assert.deepEqual([entry!.source, entry!.table], ['access', 'access_log'])
    const { change, actor, row } = JSON.parse(entry!.content!)
    assert.deepEqual({ change, actor }, { change: 'insert', actor: 'ana' })
    assert.equal(row.detail, 'naïve "quotes" \n and \\ more')
    assert.equal(row.at, '2026-11-21T12:00:00.5+00:00')
  })

  it('has nothing of a transaction that was rolled back, and no gap after it', async () => {
    const before = await headOf(test.database)
    await running.query('begin')
    await enter('never')
    await running.query('rollback')
    await enter('after')
    assert.equal((await headOf(test.database)).seq, before.seq + 1)
  })

  it('has every commit of many writers, one after the other', async () => {
    const before = await headOf(test.database)
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let each = 0; each < 10; each++)
          await test.database.transaction(async (client) => {
            for (const half of ['a', 'b'])
              await client.query(
                `insert into access_log (at, event, detail) values ('2026-11-21T12:00:00Z', 'parallel', $1)`,
                [`${writer} ${each} ${half}`],
              )
          })
      }),
    )
    const entries = await entriesAfter(test.database, before.seq, 1_000)
    assert.equal(entries.length, 160)
    let head = before
    for (const entry of entries) {
      assert.equal(breakAt(head, entry), undefined)
      head = entry
    }
    // What one transaction did stands together.
    const details = entries.map(({ content }) => JSON.parse(content!).row.detail as string)
    for (let pair = 0; pair < 160; pair += 2) assert.equal(details[pair]!.replace(/a$/, 'b'), details[pair + 1])
  })

  it('has changes and deletions, without what is withheld, and nothing where nothing changed', async () => {
    const { seq } = await headOf(test.database)
    await running.query(
      `insert into user_account (username, role, password_hash, origin, created_at, changed_at)
       values ('bia', 'viewer', 'a hash', 'api', '2026-11-21T12:00:00Z', '2026-11-21T12:00:00Z')`,
    )
    await running.query(`update user_account set role = 'admin' where username = 'bia'`)
    await running.query(`update user_account set password_hash = 'another' where username = 'bia'`)
    await running.query(`delete from user_account where username = 'bia'`)
    const entries = await entriesAfter(test.database, seq, 10)
    assert.deepEqual(
      entries.map(({ content }) => [JSON.parse(content!).change, JSON.parse(content!).row.role]),
      [
        ['insert', 'viewer'],
        ['update', 'admin'],
        ['delete', 'admin'],
      ],
    )
    assert.ok(entries.every(({ content }) => !/hash|another/.test(content!)))
  })

  it('is written by whatever writes into an audited table, and no other way', async () => {
    for (const statement of [
      `insert into audit_entry values (1, '2026-11-21', 'access', 'access_log', null, '', '', '')`,
      `update audit_entry set content = null`,
      'delete from audit_entry',
      'truncate audit_entry',
      'drop table audit_entry',
      'alter table audit_entry disable trigger all',
      'alter table access_log disable trigger audited',
      'drop trigger audited on access_log',
      `set session_replication_role = 'replica'`,
      `delete from audited_table`,
      `select audit_table('feeder', 'mine')`,
      `create temporary table mine (username text);
       create constraint trigger mine after insert on mine for each row execute function enter_audit('x', 'x', 'x', '{}')`,
      `create or replace function enter_audit() returns trigger language sql as 'select null'`,
    ])
      await assert.rejects(running.query(statement), { code: '42501' }, statement)
  })

  it('may be truncated by nobody, in no table of the schema, but its owner', async () => {
    const rows = await test.database.query<{ table: string }>(
      `select relname as table from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and has_table_privilege($1, oid, 'truncate')`,
      [test.login.user],
    )
    assert.deepEqual(rows, [])
    assert.deepEqual(await rightsTooMany(test.database), [])
  })

  it('takes new rows only from its owner, too, unless that takes the triggers away', async () => {
    for (const statement of [
      'update audit_entry set source = $$x$$',
      'delete from audit_entry',
      'truncate audit_entry',
    ])
      await assert.rejects(owner.query(statement), { message: /takes new rows only/ })
  })

  it('lets go of content when its table has let go of the rows, not before, and holds', async () => {
    await assert.rejects(forgetAudited(test.database, 'user_account', 0), /rows of user_account are kept for ever/)
    await forgetAudited(test.database, 'access_log', Date.UTC(2999, 0))
    const { seq } = await headOf(test.database)
    assert.ok((await entriesAfter(test.database, 0, seq)).every(({ content }) => content !== null))

    await owner.query('alter table audit_entry disable trigger append_only')
    await owner.query(`update audit_entry set at = '2020-01-01' where seq = 1 and table_name = 'access_log'`)
    await owner.query('alter table audit_entry enable trigger append_only')
    await forgetAudited(test.database, 'access_log', Date.UTC(2999, 0))
    const [first, second] = await entriesAfter(test.database, 0, 2)
    assert.equal(first!.content, null)
    assert.equal(first!.contentHash.length, 64)
    assert.notEqual(second!.content, null)
  })

  it('lets nobody ask for it who may not write the table', async () => {
    const server = new Client(test.server.superuser)
    await server.connect()
    try {
      await server.query(`create role grafana login password 'x'`)
      await server.query(`grant connect on database ${test.owner.database} to grafana`)
      const reader = new Client({ ...test.login, user: 'grafana', password: 'x' })
      await reader.connect()
      await owner.query('grant usage on schema public to grafana')
      await assert.rejects(reader.query(`select forget_audited('access_log', '2999-01-01')`), { code: '42501' })
      await reader.end()
      await owner.query('revoke all on schema public from grafana')
      await server.query(`revoke all on database ${test.owner.database} from grafana`)
      await server.query('drop role grafana')
    } finally {
      await server.end()
    }
  })
})
