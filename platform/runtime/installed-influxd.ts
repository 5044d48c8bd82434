import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InfluxSettings } from '../storage/influxdb-connection.ts'
import { freePort } from './ports.ts'
import { onLines } from './lines.ts'
import { writeAtomically } from './secrets.ts'

/** An InfluxDB server that is installed on this machine. */
export interface InfluxdProgram {
  readonly path: string
  readonly version: 1 | 2
}

export interface RunningInfluxd {
  /** How to write to it. */
  readonly settings: InfluxSettings
  readonly port: number
  readonly pid: number
  /** Settles when it has ended, with how. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

const org = 'linhaviva'
const bucket = 'linhaviva'
const readyWithinMs = 60_000
const stopWithinMs = 5_000

/** The influxd of this machine, with its version; undefined where there is none that we know how to run. */
export function findInfluxd(path = 'influxd'): InfluxdProgram | undefined {
  const { stdout, error } = spawnSync(path, ['version'], { encoding: 'utf8', timeout: 10_000 })
  const version = error ? undefined : versionOf(stdout)
  return version && { path, version }
}

/** The major version that `influxd version` prints: `InfluxDB v2.7.11 (git: …)`. Version 3 is another program. */
export function versionOf(printed: string): 1 | 2 | undefined {
  const major = /^InfluxDB v?(\d+)\./m.exec(printed)?.[1]
  return major === '1' ? 1 : major === '2' ? 2 : undefined
}

/**
 * Starts InfluxDB on 127.0.0.1 with its data in `folder`, and sets it up: a bucket (version 2, with a token made up at
 * the first start and kept beside the data) or a database (version 1).
 * @param port  a free one unless given
 * @param env   settings of its own beside ours
 * @throws Error if it does not start, with the last lines it wrote
 */
export async function startInfluxd(
  program: InfluxdProgram,
  { folder, port, env = {} }: { folder: string; port?: number; env?: NodeJS.ProcessEnv },
): Promise<RunningInfluxd> {
  // Only this folder is closed to others: PostgreSQL, which may run as another user, must get through those above it.
  mkdirSync(dirname(folder), { recursive: true })
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  const listening = port ?? (await freePort())
  const launch = await launchOf(program.version, folder, listening)
  // A process group of its own: Ctrl-C at the terminal is for us, and we stop it last.
  const child = spawn(program.path, launch.args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...launch.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) onLines(stream, (line) => lines.splice(0, lines.length - 11, line))
  let over = false
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`))
  })
  void ended.then(() => (over = true))
  const pid = child.pid ?? 0
  const leave = endWithUs(pid)
  async function stop(): Promise<void> {
    leave()
    if (!over) child.kill('SIGTERM')
    await Promise.race([ended, sleep(stopWithinMs, undefined, { ref: false })])
    if (!over) child.kill('SIGKILL')
    await ended
  }

  const url = `http://127.0.0.1:${listening}`
  try {
    await answering(url, () => over)
    const settings = program.version === 1 ? await setUpVersion1(url) : await setUpVersion2(url, folder)
    return { settings, port: listening, pid, ended, stop }
  } catch (error) {
    await stop()
    throw new Error(
      `InfluxDB does not start: ${(error as Error).message}${lines.map((line) => `\n  ${line}`).join('')}`,
      {
        cause: error,
      },
    )
  }
}

/** How a version is started: version 1 takes a file, version 2 the environment. */
export async function launchOf(
  version: 1 | 2,
  folder: string,
  port: number,
): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  if (version === 1) {
    const file = join(folder, 'influxdb.conf')
    writeFileSync(file, configuration(folder, port, await freePort()))
    return { args: ['run', '-config', file], env: {} }
  }
  return {
    args: [],
    env: {
      INFLUXD_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
      INFLUXD_BOLT_PATH: join(folder, 'influxd.bolt'),
      INFLUXD_SQLITE_PATH: join(folder, 'influxd.sqlite'),
      INFLUXD_ENGINE_PATH: join(folder, 'engine'),
      INFLUXD_REPORTING_DISABLED: 'true',
    },
  }
}

/** Strings of TOML are quoted as those of JSON. */
const configuration = (folder: string, port: number, rpcPort: number): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = ${JSON.stringify(join(folder, 'meta'))}
[data]
  dir = ${JSON.stringify(join(folder, 'data'))}
  wal-dir = ${JSON.stringify(join(folder, 'wal'))}
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`

async function answering(url: string, over: () => boolean): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (!over()) {
    const answer = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (answer?.status === 204) return
    if (performance.now() > deadline) throw new Error(`no answer within ${readyWithinMs / 1_000} s`)
    await sleep(50)
  }
  throw new Error('it ended at once')
}

async function setUpVersion1(url: string): Promise<InfluxSettings> {
  await ask(`${url}/query?${new URLSearchParams({ q: `create database "${bucket}"` }).toString()}`, { method: 'POST' })
  return { url, version: 1, org, bucket }
}

/** Source: InfluxDB 2 API, `/api/v2/setup`. Only the first setup of a server is allowed. */
export async function setUpVersion2(url: string, folder: string): Promise<InfluxSettings> {
  const file = join(folder, 'login.json')
  if (!existsSync(file))
    writeAtomically(file, JSON.stringify({ user: 'linhaviva', password: random(), token: random() }, null, 2), 0o600)
  const { user, password, token } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  const { allowed } = (await ask(`${url}/api/v2/setup`, { method: 'GET' })) as { allowed?: boolean }
  if (allowed === true) {
    await ask(`${url}/api/v2/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user, password, org, bucket, token }),
    })
  }
  return { url, version: 2, org, bucket, token: token! }
}

const random = (): string => randomBytes(24).toString('base64url')

async function ask(url: string, request: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(10_000) })
  const text = await answer.text()
  // Version 1 answers a statement it needs a login for with 401: whoever set it so has the login.
  if (!answer.ok && answer.status !== 401) throw new Error(`${answer.status} ${text.slice(0, 300)}`)
  return text === '' ? {} : JSON.parse(text)
}

/** It would outlive us when we are killed: a shell, whose input closes then, ends it. @returns takes that back */
function endWithUs(pid: number): () => void {
  if (process.platform === 'win32' || pid === 0) return () => undefined
  const watch = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return () => void watch.kill('SIGKILL')
}
