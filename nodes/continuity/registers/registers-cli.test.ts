import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readImportFiles } from '../../../platform/network/import/files.ts'
import { importNetwork } from '../../../platform/network/import/import.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'

const program = join(import.meta.dirname, 'registers-cli.js')
const docs = join(import.meta.dirname, '../../../../docs')

describe('npm run registers', function () {
  this.timeout(60_000)
  const store = useDatabase()
  let folder: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-registers-'))
    await importNetwork(store.database, await readImportFiles([join(docs, 'registry')]), {
      timeZone: 'America/Sao_Paulo',
    })
  })
  after(() => rmSync(folder, { recursive: true }))

  async function run(...args: string[]) {
    const { host, port, user, password, database } = store.login
    const login = { DB_HOST: String(host), DB_PORT: String(port), DB_USER: String(user), DB_NAME: String(database) }
    const env = { ...login, DB_PASSWORD: String(password), DATA_DIR: folder }
    const child = spawn(process.execPath, [program, ...args], { env })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    return { code, out, err }
  }

  it('enters the examples of docs/registers, which are of the units of docs/registry, and the same again changes nothing', async () => {
    const lines = (done: string) => [
      ...[`conjunto-limits: ${done.replace('20', '24')}`, `unit-limits: ${done}`, `monetary-bases: ${done}`, ''],
    ]
    const first = await run('import', join(docs, 'registers'))
    assert.deepEqual([first.code, first.err], [0, ''])
    assert.deepEqual(first.out.split('\n'), lines('20 added, 0 changed, 0 unchanged'))
    const again = await run('import', join(docs, 'registers'))
    assert.deepEqual(again.out.split('\n'), lines('0 added, 0 changed, 20 unchanged'))
  })

  it('says what is wrong with which line, and enters nothing of that file', async () => {
    const file = join(folder, 'monetary-bases.csv')
    writeFileSync(file, 'unit_id,month,vrc_brl,source\nunit-001,2026-03,60,x\nunit-099,2026-03,60,x\n')
    const { code, out, err } = await run('import', file)
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /^registers: monetary-bases\.csv line 3: unit_id is "unit-099"/)
  })

  it('refuses a file that is no register, a folder without any, and a command that is none', async () => {
    const stranger = join(folder, 'units.csv')
    writeFileSync(stranger, 'unit_id\n')
    assert.match((await run('import', stranger)).err, /^registers: units\.csv: ?is none of conjunto-limits\.csv, /)
    const empty = mkdtempSync(join(folder, 'empty-'))
    assert.match((await run('import', empty)).err, /holds none of conjunto-limits\.csv, /)
    for (const args of [['list'], ['import'], ['import', folder, '--dry-run']])
      assert.equal((await run(...args)).code, 2, args.join(' '))
    const { code, out } = await run('--help')
    assert.equal(code, 0)
    assert.match(out, /npm run registers -- import/)
  })
})
