import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { queriesOf } from '../storage/queries.ts'
import { useDatabase } from '../storage/test-database.ts'
import { AnchorLog } from './anchor-files.ts'
import { anchorKeyOf } from './anchor.ts'
import { readAnchors, verifyDatabase } from './audit-commands.ts'
import { hashAt, headOf } from './audit-repository.ts'

/** What somebody does who has got hold of the owner of the schema, and takes the triggers away first. */
describe('the audit, attacked by the owner of the schema', function () {
  this.timeout(60_000)
  // Before the database goes.
  after(() => owner.end())
  const test = useDatabase()
  const key = anchorKeyOf('a secret of this installation')
  let folder: string
  let owner: Client
  /** The first of six entries, all of them anchored but the last two. */
  let first: number

  before(async () => {
    owner = new Client(test.owner)
    await owner.connect()
    await owner.query(`create function pg_temp.hash_of(bytea, bigint, timestamptz, text, text, bytea) returns bytea
      language sql set timezone = 'UTC' as $$
        select sha256(convert_to(concat_ws(e'\\n', encode($1, 'hex'), $2, to_char($3, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), $4, $5,
          encode($6, 'hex')), 'UTF8'))
      $$`)
    for (const table of ['audit_entry', 'regulation_option'])
      await owner.query(`alter table ${table} disable trigger append_only`)
    first = (await headOf(test.database)).seq + 1
    for (let each = 0; each < 6; each++) {
      await test.database.query(
        `insert into regulation_option (key, value, reason, changed_by, changed_at)
         values ('option-' || $1, '1', 'a reason', 'ana', '2026-11-21T12:00:00Z')`,
        [each],
      )
    }
  })
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anchors-'))
    const log = new AnchorLog(folder, key)
    for (const seq of [first, first + 3]) {
      await log.append('head', { seq, hash: (await hashAt(test.database, seq))! }, Date.now())
    }
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const verify = async (client: Client | typeof test.database) => {
    const lines: string[] = []
    const files = await readAnchors(folder, key)
    const queries = client instanceof Client ? queriesOf(client) : client
    const isWhole = await verifyDatabase(queries, files, Date.now(), (line) => lines.push(line))
    const broken = lines.filter((line) => line.startsWith('broken: '))
    assert.equal(isWhole, broken.length === 0)
    return broken
  }

  /** What is found while the attack stands, with entries counted from the first of the six; then it is taken back. */
  async function underAttack(...statements: readonly string[]): Promise<string> {
    await owner.query('begin')
    try {
      for (const statement of statements) await owner.query(statement.replaceAll('FIRST', String(first)))
      // That the owner could do it is another finding, which stands beside.
      const broken = (await verify(owner)).filter((line) => !line.includes('could change the audit'))
      return broken
        .join('; ')
        .replaceAll(/(entr(?:y|ies from)|to) (\d+)/g, (_, word, number) => `${word} ${Number(number) - first}`)
    } finally {
      await owner.query('rollback')
    }
  }

  const rewrite = `do $$ declare
      entry record;
      changed text;
      before bytea := (select hash from audit_entry where seq = FIRST + 1);
    begin
      for entry in select * from audit_entry where seq >= FIRST + 2 order by seq loop
        changed := replace(entry.content, 'option-2', 'option-9');
        update audit_entry set content = changed, content_hash = sha256(convert_to(changed, 'UTF8')), previous_hash = before,
          hash = pg_temp.hash_of(before, seq, at, source, table_name, sha256(convert_to(changed, 'UTF8'))) where seq = entry.seq
          returning hash into before;
      end loop;
    end $$`

  it('is as it was written before anybody did anything', async () => assert.deepEqual(await verify(test.database), []))

  it('names an entry whose content was edited', async () =>
    assert.match(
      await underAttack(`update audit_entry set content = replace(content, 'ana', 'eva') where seq = FIRST + 2`),
      /^broken: entry 2 was edited: its content does not fit its hash$/,
    ))

  it('names an entry that was edited with the hash of its content', async () =>
    assert.match(
      await underAttack(`update audit_entry set content = '{}', content_hash = sha256('{}') where seq = FIRST + 2`),
      /^broken: entry 2 was edited: its hash does not fit$/,
    ))

  it('names an entry that was replaced by one that is whole in itself', async () =>
    assert.match(
      await underAttack(
        `update audit_entry set content = '{}', content_hash = sha256('{}'),
           hash = pg_temp.hash_of(previous_hash, seq, at, source, table_name, sha256('{}')) where seq = FIRST + 2`,
      ),
      /^broken: entry 2 was replaced: entry 3 was entered after another one$/,
    ))

  it('names an entry whose content was let go of that is kept for good', async () =>
    assert.match(
      await underAttack('update audit_entry set content = null where seq = FIRST + 2'),
      /^broken: entry 2 was edited: its content is gone, before its time$/,
    ))

  it('names an entry that was deleted', async () =>
    assert.match(
      await underAttack('delete from audit_entry where seq = FIRST + 2'),
      /^broken: entry 2 is missing: entry 1 is followed by entry 3$/,
    ))

  it('names the first of entries that changed places', async () =>
    assert.match(
      await underAttack(
        'update audit_entry set seq = -1 where seq = FIRST + 2',
        'update audit_entry set seq = FIRST + 2 where seq = FIRST + 4',
        'update audit_entry set seq = FIRST + 4 where seq = -1',
      ),
      /^broken: entry 2 is out of order: it was not entered after entry 1$/,
    ))

  it('names the first entry of a tail that was cut', async () =>
    assert.match(
      await underAttack('delete from audit_entry where seq >= FIRST + 2'),
      /^broken: entry 2 is missing: the chain is cut after entry 1, and on .* it had entry 3$/,
    ))

  it('names the first row that was changed where the chain was written anew with it', async () =>
    assert.match(
      await underAttack(rewrite, `update regulation_option set key = 'option-9' where key = 'option-2'`),
      /^broken: entries from 1 to 3, or some of them, were written anew: on .* entry 3 was another one$/,
    ))

  it('names the first row where the chain was written anew and the row was not', async () =>
    assert.match(
      await underAttack(rewrite),
      /^broken: the row of regulation_option that entry 2 tells of was changed$/,
    ))

  it('names the first row that was changed or deleted under the chain', async () => {
    assert.match(
      await underAttack(`update regulation_option set value = '2' where key = 'option-2'`),
      /^broken: the row of regulation_option that entry 2 tells of was changed$/,
    )
    assert.match(
      await underAttack(`delete from regulation_option where key in ('option-2', 'option-4')`),
      /^broken: the row of regulation_option that entry 2 tells of is gone$/,
    )
  })

  it('says so where the anchors are gone, changed, or signed by somebody else', async () => {
    const [name] = readdirSync(folder).filter((each) => each.endsWith('.jsonl'))
    const path = join(folder, name!)
    const [one, two] = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, `${two}\n`)
    assert.match((await verify(test.database)).join(), /does not follow the one before it/)
    writeFileSync(path, `${one}\n${two!.replace(/"seq":\d+/, `"seq":${first}`)}\n`)
    assert.match((await verify(test.database)).join(), /is not signed by key/)
    writeFileSync(path, '')
    assert.match((await verify(test.database)).join(), /there are no anchors in/)
  })

  it('believes no stranger that a restore took entries away', async () => {
    await new AnchorLog(folder, anchorKeyOf('a secret of somebody else')).append(
      'restored',
      { seq: first + 1, hash: (await hashAt(test.database, first + 1))! },
      Date.now(),
    )
    assert.match(await underAttack('delete from audit_entry where seq >= FIRST + 2'), /^broken: entry 2 is missing/)
  })

  it('believes this installation that a restore took entries away, and says so', async () => {
    const at = { seq: first + 1, hash: (await hashAt(test.database, first + 1))! }
    await new AnchorLog(folder, key).append('restored', at, Date.now())
    assert.equal(await underAttack('delete from audit_entry where seq >= FIRST + 2'), '')
  })

  it('says that the owner could change it', async () =>
    assert.match((await verify(owner)).join('\n'), /^broken: \w+ owns audit_entry: the running system could change/m))
})
