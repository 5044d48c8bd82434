import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { own, placePostgres, placeTemporaryPostgres } from './postgres-place.ts'

const root = process.getuid?.() === 0

describe('placePostgres', function () {
  this.timeout(30_000)
  let folder: string
  let dataDir: string
  let lines: string[]
  const log = (line: string): void => void lines.push(line)
  const away: string[] = []
  beforeEach(() => {
    lines = []
    folder = mkdtempSync(join(tmpdir(), 'postgres-place-'))
    chmodSync(folder, 0o755)
    dataDir = join(folder, 'data')
    mkdirSync(dataDir)
  })
  afterEach(() => {
    for (const path of [folder, ...away.splice(0)]) rmSync(path, { recursive: true, force: true })
  })

  it('finds programs that run as the user it names: us, or for root another one', () => {
    const { programs, dataDirectory, account } = placePostgres(dataDir, log)
    assert.equal(dataDirectory, join(dataDir, 'postgresql'))
    assert.equal(account === undefined, !root)
    assert.notEqual(account?.uid, 0)
    const identity = account && { uid: account.uid, gid: account.gid }
    const { stdout } = spawnSync(join(programs, 'bin', 'postgres'), ['--version'], { ...identity, encoding: 'utf8' })
    assert.match(stdout, /^postgres \(PostgreSQL\) 18/)
  })

  it('says what to do when its link points to nothing', function () {
    if (process.platform === 'win32') this.skip()
    symlinkSync(join(folder, 'gone', 'cluster'), join(dataDir, 'postgresql'))
    assert.throws(() => placePostgres(dataDir, log), /points to .*gone\/cluster, which is gone: restore it/)
  })

  describe('for root', () => {
    before(function () {
      if (!root) this.skip()
    })

    it('runs as the owner of the data that is there', () => {
      mkdirSync(join(dataDir, 'postgresql'))
      chownSync(join(dataDir, 'postgresql'), 54_321, 54_322)
      assert.deepEqual(placePostgres(dataDir, log).account, { name: '54321', uid: 54_321, gid: 54_322 })
    })

    it('keeps the data elsewhere when the account cannot pass through a parent, and finds it there again', () => {
      chmodSync(folder, 0o700)
      mkdirSync(join(dataDir, 'postgresql'))
      writeFileSync(join(dataDir, 'postgresql', 'PG_VERSION'), '18')
      const { dataDirectory, account } = placePostgres(dataDir, log)
      away.push(dataDirectory)
      assert.equal(dirname(dataDirectory), '/var/lib/linha-viva')
      assert.ok(existsSync(join(dataDirectory, 'PG_VERSION')))
      assert.ok(lstatSync(join(dataDir, 'postgresql')).isSymbolicLink())
      assert.equal(readlinkSync(join(dataDir, 'postgresql')), dataDirectory)
      assert.ok(
        lines.includes(
          `user ${account!.name} cannot pass through ${dataDir}: the database is kept in ${dataDirectory}`,
        ),
      )
      lines = []
      assert.equal(placePostgres(dataDir, log).dataDirectory, dataDirectory)
      assert.deepEqual(lines, [])
    })
  })

  it('makes a temporary place that belongs to who runs there', () => {
    const { dataDirectory, account } = placeTemporaryPostgres('postgres-place-')
    away.push(dirname(dataDirectory))
    const { uid, mode } = statSync(dirname(dataDirectory))
    assert.equal(existsSync(dataDirectory), false)
    if (account) assert.equal(uid, account.uid)
    if (process.platform !== 'win32') assert.equal(mode & 0o777, 0o700)
  })

  it('gives nothing away where there is no other account', () => {
    const { uid } = statSync(folder)
    own(folder, undefined)
    assert.equal(statSync(folder).uid, uid)
  })
})
