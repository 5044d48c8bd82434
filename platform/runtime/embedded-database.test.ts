import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { type DatabaseLogin, type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.ts'
import { isAlive } from './postgres-leftovers.ts'

describe('embedded database', function () {
  this.timeout(60_000)
  let folder: string
  let dataDir: string
  const started: EmbeddedDatabase[] = []
  const start = async (options: Parameters<typeof startEmbeddedDatabase>[0]): Promise<EmbeddedDatabase> => {
    const database = await startEmbeddedDatabase(options)
    started.push(database)
    return database
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'embedded-database-'))
    chmodSync(folder, 0o755)
    dataDir = join(folder, 'data')
  })
  afterEach(async () => {
    for (const database of started.splice(0)) await database.stop()
    rmSync(folder, { recursive: true })
  })

  it('gives the owner the schema and the running role nothing', async () => {
    const { owner, running, superuser } = await start({})
    await query(owner, 'create table feeder (id text)')
    await assert.rejects(query(running, 'create table mine (id text)'), /permission denied/)
    await assert.rejects(query(running, 'select * from feeder'), /permission denied/)
    await assert.rejects(query({ ...running, password: 'wrong' }, 'select'), { code: '28P01' })
    const [role] = await query(
      running,
      'select rolsuper or rolcreatedb or rolcreaterole as mighty from pg_roles where rolname = current_user',
    )
    assert.deepEqual(role, { mighty: false })
    const [database] = await query(
      superuser,
      "select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale from pg_database where datname = 'linhaviva'",
    )
    assert.deepEqual(database, { encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' })
  })

  it('leaves nothing behind when temporary', async () => {
    const database = await startEmbeddedDatabase()
    await database.stop()
    assert.equal(existsSync(dirname(database.dataDirectory)), false)
    assert.equal(isAlive(database.pid), false)
  })

  it('keeps data and passwords over a stop, the passwords to itself', async () => {
    const first = await start({ dataDir })
    await query(first.owner, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await start({ dataDir })
    assert.equal(second.owner.password, first.owner.password)
    assert.deepEqual(await query(second.owner, 'select answer from kept'), [{ answer: 42 }])
    assert.equal(statSync(join(dataDir, 'secrets.json')).mode & 0o777, 0o600)
  })

  it('begins anew when the first start was interrupted', async () => {
    mkdirSync(join(dataDir, 'postgresql.new', 'cluster', 'half'), { recursive: true })
    await start({ dataDir })
    assert.equal(existsSync(join(dataDir, 'postgresql.new')), false)
  })

  it('recovers from kill -9 of the server', async () => {
    const first = await start({ dataDir })
    await query(first.owner, 'create table kept as select 42 as answer')
    process.kill(first.pid, 'SIGKILL')
    assert.equal(await first.ended, 'killed by SIGKILL')
    const second = await start({ dataDir, port: first.running.port })
    assert.deepEqual(await query(second.owner, 'select answer from kept'), [{ answer: 42 }])
  })

  it('stops the server that a killed start has left running', async () => {
    const module = new URL('embedded-database.js', import.meta.url).href
    const script = `import { startEmbeddedDatabase } from ${JSON.stringify(module)}
      console.log((await startEmbeddedDatabase({ dataDir: ${JSON.stringify(dataDir)} })).pid); setInterval(() => {}, 1000)`
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(other.stdout, 'data')) as [Buffer]
    const left = Number(line.toString())
    other.kill('SIGKILL')
    await once(other, 'exit')
    assert.ok(isAlive(left))
    const lines: string[] = []
    const database = await start({ dataDir, log: (told) => lines.push(told) })
    assert.equal(isAlive(left), false)
    assert.ok(lines.some((told) => told.includes('of an earlier start is still running')))
    await query(database.running, 'select')
  })

  it('is not kept from starting by a recorded pid that is another process now', async () => {
    await (await start({ dataDir })).stop()
    const pidFile = join(dataDir, 'postgresql', 'postmaster.pid')
    writeFileSync(pidFile, `${process.pid}\n${join(dataDir, 'postgresql')}\n`)
    await start({ dataDir })
    assert.ok(!readFileSync(pidFile, 'utf8').startsWith(`${process.pid}\n`))
  })

  it('says why it does not start', async () => {
    const first = await start({ dataDir })
    await assert.rejects(
      startEmbeddedDatabase({ port: first.running.port }),
      /PostgreSQL does not start: exit code 1\n[^]*Address already in use/,
    )
  })

  it('does not wait for passwords that never fit', async () => {
    await (await start({ dataDir })).stop()
    rmSync(join(dataDir, 'secrets.json'))
    await assert.rejects(start({ dataDir }), /secrets\.json and the database are not of the same DATA_DIR/)
  })

  it('runs as root below a folder that only root may enter', async function () {
    if (process.getuid?.() !== 0) this.skip()
    chmodSync(folder, 0o700)
    const lines: string[] = []
    const database = await start({ dataDir, log: (line) => lines.push(line) })
    assert.ok(lstatSync(join(dataDir, 'postgresql')).isSymbolicLink())
    assert.equal(readlinkSync(join(dataDir, 'postgresql')), database.dataDirectory)
    assert.ok(lines.some((line) => line.includes(`the database is kept in ${database.dataDirectory}`)))
    await query(database.owner, 'create table kept as select 42 as answer')
    await database.stop()
    const second = await start({ dataDir })
    assert.deepEqual(await query(second.owner, 'select answer from kept'), [{ answer: 42 }])
    await second.stop()
    rmSync(database.dataDirectory, { recursive: true })
  })
})

async function query(login: DatabaseLogin, text: string): Promise<unknown[]> {
  const client = new Client(login)
  // The server may go while we are connected; the query tells.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(text)).rows as unknown[]
  } finally {
    await client.end()
  }
}
