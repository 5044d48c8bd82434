import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { useDatabase } from '../storage/test-database.ts'

const program = join(import.meta.dirname, 'registry-cli.js')
const examples = join(import.meta.dirname, '../../../docs/registry')

describe('npm run registry', function () {
  this.timeout(60_000)
  const store = useDatabase()
  let empty: string

  before(() => (empty = mkdtempSync(join(tmpdir(), 'linha-viva-cli-'))))
  after(() => rmSync(empty, { recursive: true }))

  const login = () => ({
    DB_HOST: String(store.login.host),
    DB_PORT: String(store.login.port),
    DB_USER: String(store.login.user),
    DB_PASSWORD: String(store.login.password),
    DB_NAME: String(store.login.database),
  })

  async function run(args: readonly string[], env: NodeJS.ProcessEnv = login()) {
    const child = spawn(process.execPath, [program, ...args], { env: { DATA_DIR: empty, ...env } })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    return { code, out, err }
  }

  it('imports and lists', async () => {
    const imported = await run(['import', examples])
    assert.deepEqual([imported.code, imported.err], [0, ''])
    assert.match(imported.out, /devices +38 +0 +0\n[^]*Imported\.\n$/)
    assert.match((await run(['import', examples])).out, /devices +0 +0 +38\n/)
    assert.match((await run(['list'])).out, /\nmeter-001 +meter +active +feeder-01 +house-01 +unit-001 /)
  })

  it('helps', async () => {
    const { code, out } = await run(['--help'], {})
    assert.equal(code, 0)
    assert.match(out, /npm run registry -- import/)
  })

  it('refuses a bad flag or a bad setting in one line, with code 2', async () => {
    const flag = await run(['list', '--status', 'x'])
    assert.deepEqual(flag, {
      code: 2,
      out: '',
      err: 'registry: --status must be one of pending, active, rejected, got "x"\n',
    })
    const setting = await run(['list'], { TIME_ZONE: 'Mars/Olympus' })
    assert.equal(setting.code, 2)
    assert.match(setting.err, /^registry: TIME_ZONE is "Mars\/Olympus"[^\n]*\n$/)
  })

  it('says in one line that no database runs, or that it lets nobody in, with code 1', async () => {
    const none = await run(['list'], {})
    assert.equal(none.code, 1)
    assert.match(none.err, /^registry: no database runs on DATA_DIR [^\n]*\n$/)
    const shut = await run(['list'], { ...login(), DB_PASSWORD: 'wrong' })
    assert.equal(shut.code, 1)
    assert.match(shut.err, /^registry: the database cannot be used: password [^\n]*\n$/)
  })
})
