import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from './ports.ts'
import { stopLeftovers } from './postgres-leftovers.ts'
import { own, type PostgresPlace, placePostgres } from './postgres-place.ts'
import { prepareRoles } from './postgres-roles.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import { forgetTemporary, newTemporaryPlace } from './temporary-database.ts'

/** What a client needs to connect. */
export interface DatabaseLogin {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** A running PostgreSQL of our own. */
export interface EmbeddedDatabase {
  /** For what neither of the others may do; not used in operation. */
  readonly superuser: DatabaseLogin
  /** Owns the database and its schema: migrations. */
  readonly owner: DatabaseLogin
  /** The running system: may only do what it was granted. */
  readonly running: DatabaseLogin
  readonly pid: number
  readonly dataDirectory: string
  /** Settles when the server has ended, asked to or not, with how it ended. */
  readonly ended: Promise<string>
  /** Stops it in order, by force after `patienceMs` (6 s); a temporary one then leaves nothing behind. */
  stop(patienceMs?: number): Promise<void>
}

export interface EmbeddedDatabaseOptions {
  /** Keeps it in this folder, with its passwords. Without one it is temporary: not durable, gone with `stop()`. */
  readonly dataDir?: string
  /** Port of 127.0.0.1; without one a free port. */
  readonly port?: number
  readonly log?: (line: string) => void
  /** Gives up the start, also in the midst of crash recovery. */
  readonly stopping?: AbortSignal
}

const logins = { superuser: 'postgres', owner: 'linhaviva_owner', running: 'linhaviva' } as const
const databaseName = 'linhaviva'

/** Role and database of the running system, whatever the environment calls its own. */
export const embeddedRunning = { user: logins.running, database: databaseName }

/**
 * Starts PostgreSQL on 127.0.0.1, on a free port unless one is given, and prepares database and roles. What a killed start left running on
 * the same data is stopped first; crash recovery is waited for, however long it takes.
 * @throws Error if it cannot start, with the last lines it wrote
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions = {}): Promise<EmbeddedDatabase> {
  const log = options.log ?? (() => undefined)
  const temporary = options.dataDir === undefined
  const { place, secrets } =
    options.dataDir === undefined ? await newTemporaryPlace() : durablePlace(options.dataDir, log)
  await stopLeftovers(place.dataDirectory, log)
  if (!existsSync(join(place.dataDirectory, 'PG_VERSION'))) await initialise(place, secrets, log)

  const port = options.port ?? (await freePort())
  const server = launch(place, port, temporary)
  const lines = collectLines(server, log)
  const ended = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(error.message))
    server.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`))
  })
  const pid = server.pid ?? 0
  if (temporary) {
    const end = (): void => void server.kill('SIGQUIT')
    process.once('exit', end)
    void ended.then(() => process.off('exit', end))
  }
  const login = (user: string, password: string, database: string): DatabaseLogin => ({
    host: '127.0.0.1',
    port,
    user,
    password,
    database,
  })
  const superuser = login(logins.superuser, secrets.databaseSuperuser, 'postgres')

  async function stop(patienceMs = 6_000): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      server.kill(signal)
      const done = await Promise.race([
        ended,
        sleep(signal === 'SIGINT' ? patienceMs : 1_000, undefined, { ref: false }),
      ])
      if (done !== undefined) break
    }
    if (temporary) forgetTemporary(place)
  }

  try {
    const client = await connectWhenReady(superuser, ended, log, options.stopping)
    try {
      await prepareRoles(client, databaseName, [
        { name: logins.owner, password: secrets.databaseOwner, owns: true },
        { name: logins.running, password: secrets.databaseRunning, owns: false },
      ])
    } finally {
      await client.end()
    }
  } catch (error) {
    await stop()
    throw new Error(
      `PostgreSQL does not start: ${(error as Error).message}${lines.map((line) => `\n  ${line}`).join('')}`,
      { cause: error },
    )
  }
  return {
    superuser,
    owner: login(logins.owner, secrets.databaseOwner, databaseName),
    running: login(logins.running, secrets.databaseRunning, databaseName),
    pid,
    dataDirectory: place.dataDirectory,
    ended,
    stop,
  }
}

function durablePlace(dataDir: string, log: (line: string) => void): { place: PostgresPlace; secrets: Secrets } {
  mkdirSync(dataDir, { recursive: true })
  return { secrets: openSecrets(dataDir), place: placePostgres(dataDir, log) }
}

/** Makes the cluster beside its place and moves it there when complete: an interrupted one is begun anew. */
async function initialise(
  { programs, dataDirectory, account }: PostgresPlace,
  secrets: Secrets,
  log: (line: string) => void,
): Promise<void> {
  log('preparing a new database')
  const workshop = `${dataDirectory}.new`
  rmSync(workshop, { recursive: true, force: true })
  mkdirSync(workshop, { mode: 0o700 })
  const passwordFile = join(workshop, 'password')
  writeFileSync(passwordFile, secrets.databaseSuperuser, { mode: 0o600 })
  own(passwordFile, account)
  own(workshop, account)
  // C.UTF-8 of PostgreSQL itself sorts and folds the same on every system; the system's own locale is used for nothing.
  const initdb = spawn(
    join(programs, 'bin', 'initdb'),
    [
      ...['-D', join(workshop, 'cluster'), '-U', logins.superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ],
    { cwd: workshop, env: {}, stdio: ['ignore', 'pipe', 'pipe'], ...identity(account) },
  )
  const lines = collectLines(initdb, () => undefined)
  const code = await new Promise<number | null>((resolve, reject) => {
    initdb.once('error', reject)
    initdb.once('close', resolve)
  })
  if (code !== 0) throw new Error(`the database cannot be prepared in ${dataDirectory}:\n  ${lines.join('\n  ')}`)
  renameSync(join(workshop, 'cluster'), dataDirectory)
  rmSync(workshop, { recursive: true })
}

function launch({ programs, dataDirectory, account }: PostgresPlace, port: number, temporary: boolean): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 50,
    shared_buffers: temporary ? '32MB' : '128MB',
    max_wal_size: '2GB',
    wal_compression: 'on',
    checkpoint_timeout: '10min',
    // A reading is acknowledged when it is stored: that promise rests on these two.
    fsync: temporary ? 'off' : 'on',
    synchronous_commit: temporary ? 'off' : 'on',
    full_page_writes: temporary ? 'off' : 'on',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '',
    log_min_messages: 'warning',
    // Statements and details carry values, also personal ones; the client that caused the error has them.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    idle_in_transaction_session_timeout: '60s',
    // Clients that vanish with a crashed machine or a cut line free their locks.
    tcp_keepalives_idle: 30,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Its own process group: Ctrl-C at the terminal is for us, and we stop it last.
  return spawn(join(programs, 'bin', 'postgres'), ['-D', dataDirectory, ...flags], {
    cwd: dataDirectory,
    env: {},
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...identity(account),
  })
}

const identity = (account: PostgresPlace['account']): { uid: number; gid: number } | undefined =>
  account && { uid: account.uid, gid: account.gid }

/** Passes on what a process writes, and keeps the last lines for an error. */
function collectLines(child: ChildProcess, log: (line: string) => void): string[] {
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line)
      if (last.length > 12) last.shift()
      log(line)
    })
  }
  return last
}

/** Connects as soon as the server lets us in. Recovery after a crash takes as long as it takes; a server that ended never will. */
async function connectWhenReady(
  login: DatabaseLogin,
  ended: Promise<string>,
  log: (line: string) => void,
  stopping?: AbortSignal,
): Promise<Client> {
  let over: string | undefined
  void ended.then((how) => (over = how))
  const began = Date.now()
  let nextReport = began + 3_000
  for (;;) {
    const client = new Client({ ...login, connectionTimeoutMillis: 5_000 })
    client.on('error', (error) => log(error.message))
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end()
      const { code, message } = error as NodeJS.ErrnoException
      // Another server may hold the port, and refuse us: ours then ends within moments.
      if (code === '28P01') await Promise.race([ended, sleep(2_000, undefined, { ref: false })])
      if (over !== undefined) throw new Error(over)
      stopping?.throwIfAborted()
      if (code === '28P01')
        throw new Error('its password does not fit: secrets.json and the database are not of the same DATA_DIR')
      // 57P03: starting up or recovering. Refused: not listening yet.
      if (code !== '57P03' && code !== 'ECONNREFUSED' && !/timeout/i.test(message)) throw error
      if (Date.now() >= nextReport) {
        log(`waiting for recovery (${Math.round((Date.now() - began) / 1000)} s)`)
        nextReport += 5_000
      }
      await sleep(50)
    }
  }
}
