import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../runtime/embedded-database.ts'
import { migrate } from '../storage/migrate.ts'
import { placesOf, stampOf } from './command.ts'
import { readEnvironment } from '../runtime/environment.ts'

describe('npm run backup and npm run restore', function () {
  this.timeout(60_000)
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'linha-viva-command-'))
    chmodSync(home, 0o755)
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  async function run(program: 'backup' | 'restore', args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [join(import.meta.dirname, `${program}-cli.js`), ...args], {
      cwd: home,
      env: { DATA_DIR: join(home, 'data'), FLOWS_DIR: join(home, 'flows'), ...env },
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    return { code, out, err }
  }

  it('help', async () => {
    for (const program of ['backup', 'restore'] as const) {
      const { code, out } = await run(program, ['--help'])
      assert.equal(code, 0)
      assert.match(out, new RegExp(`npm run ${program}`))
    }
  })

  it('refuse in one line what they cannot understand, with code 2', async () => {
    for (const [program, args, env, line] of [
      ['backup', ['a', 'b'], {}, /^backup: one folder, not 2: a, b\n$/],
      ['backup', ['--fast'], {}, /^backup: Unknown option '--fast'[^\n]*\n$/],
      ['backup', [], { DB_PORT: 'x' }, /^backup: DB_PORT is "x"[^\n]*\n$/],
      ['backup', [], {}, /^backup: no database runs on DATA_DIR [^\n]*\n$/],
      ['restore', [], {}, /^restore: name one backup; see --help\n$/],
      ['restore', ['nowhere', '--force=1'], {}, /^restore: Option '--force' does not take an argument\n$/],
    ] as const) {
      const { code, err } = await run(program, args, env)
      assert.match(err, line)
      assert.equal(code, 2)
    }
    assert.deepEqual(readdirSync(home), [])
  })

  it('say in one line what failed, with code 1', async () => {
    mkdirSync(join(home, 'empty'))
    const { code, err } = await run('restore', ['empty'])
    assert.equal(code, 1)
    assert.match(err, /^restore: .*empty has no manifest\.json[^\n]*\n$/)
    const refused = await run('backup', [], { DB_HOST: '127.0.0.1', DB_PORT: '1' })
    assert.equal(refused.code, 1)
    assert.match(refused.err, /^backup: connect ECONNREFUSED [^\n]*\n$/)
  })

  it('work on a system that stands still, and leave nothing running', async () => {
    const dataDir = join(home, 'data')
    const server = await startEmbeddedDatabase({ dataDir })
    await migrate(server.owner, server.running.user, () => undefined)
    await server.stop()
    const taken = await run('backup', [])
    assert.equal(taken.code, 0, taken.err)
    assert.equal(taken.out, `${join(dataDir, 'backups', readdirSync(join(dataDir, 'backups'))[0]!)}\n`)
    const checked = await run('restore', ['--check', taken.out.trim()])
    assert.match(checked.err, /^backup of .*, release [\d.]+\n[^]*the backup is sound\n$/)
    assert.equal((await run('restore', [taken.out.trim()])).code, 0)
    assert.ok(!existsSync(join(dataDir, 'postgresql', 'postmaster.pid')))
    assert.ok(!existsSync(join(dataDir, 'instance.json')))
  })

  describe('on an external database', () => {
    let server: EmbeddedDatabase
    let env: NodeJS.ProcessEnv
    before(async () => {
      server = await startEmbeddedDatabase()
      await migrate(server.owner, server.running.user, () => undefined)
      env = {
        ...{ DB_HOST: '127.0.0.1', DB_PORT: String(server.running.port), DB_NAME: server.running.database },
        ...{ DB_USER: server.running.user, DB_PASSWORD: server.running.password },
        ...{ DB_MIGRATION_USER: server.owner.user, DB_MIGRATION_PASSWORD: server.owner.password },
      }
    })
    after(() => server.stop())

    it('restore only when nobody is connected as the running role, and as the owner', async () => {
      const taken = await run('backup', ['here'], env)
      assert.equal(taken.code, 0, taken.err)
      const client = new Client(server.running)
      await client.connect()
      const busy = await run('restore', [taken.out.trim()], env)
      assert.equal(busy.code, 2)
      assert.match(busy.err, /restore: 1 connections of linhaviva are open: stop Linha Viva, then restore\n$/)
      await client.end()
      const done = await run('restore', [taken.out.trim()], env)
      assert.equal(done.code, 0, done.err)
      const superuser = { DB_MIGRATION_USER: server.superuser.user, DB_MIGRATION_PASSWORD: server.superuser.password }
      const mighty = await run('restore', [taken.out.trim()], { ...env, ...superuser })
      assert.equal(mighty.code, 1)
      assert.match(mighty.err, /restore: the role that owns the schema is a superuser/)
    })
  })

  it('know where things stand', () => {
    assert.deepEqual(placesOf(readEnvironment({ DATA_DIR: '/d', FLOWS_DIR: '/f', CREDENTIAL_SECRET: 'x' })), {
      ...{ dataDir: '/d', userDir: '/d/node-red', flowsDir: '/f', ownSecrets: ['commandSigning'] },
    })
    assert.equal(stampOf(Date.UTC(2026, 10, 21, 7, 5, 3, 4)), '2026-11-21T07-05-03-004Z')
  })
})
