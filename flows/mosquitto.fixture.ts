import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { BrokerUser } from '../platform/broker/rights.ts'
import type { Certificates } from '../platform/runtime/certificates.fixture.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { installation } from '../platform/runtime/installation.ts'
import { onLines } from '../platform/runtime/lines.ts'
import { waitUntil } from './waiting.fixture.ts'

const program = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(existsSync)

/** The client of a stranger: nothing of ours. */
export const foreignPublisher = 'mosquitto_pub'

export const hasMosquitto = program !== undefined
export const withoutMosquitto = 'skipped: mosquitto is not installed (apt-get install mosquitto mosquitto-clients)'

export interface Mosquitto {
  readonly port: number
  readonly pid: number
  /** Stops it in order and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts mosquitto with the configuration that the README recommends, on a free port.
 * @param listeners  lines of its configuration that open more ports
 */
export async function startMosquitto(
  folder: string,
  log: (line: string) => void,
  listeners: readonly string[] = [],
): Promise<Mosquitto> {
  if (program === undefined) throw new Error(withoutMosquitto)
  const port = await freePort()
  const data = join(folder, 'mosquitto')
  mkdirSync(data, { recursive: true })
  const config = join(data, 'mosquitto.conf')
  writeFileSync(
    config,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      // As root it would otherwise become a user who cannot write here.
      `user ${userInfo().username}`,
      'persistence true',
      `persistence_location ${data}/`,
      'max_inflight_messages 2000',
      'max_queued_messages 0',
      'max_queued_bytes 1000000000',
      'log_type error',
      'log_type warning',
      'log_type notice',
      ...listeners,
      '',
    ].join('\n'),
  )
  const start = (): Promise<Running> => run(program, ['-c', config], port, log)
  let running = await start()
  return {
    port,
    get pid() {
      return running.pid
    },
    async restart() {
      await running.stop()
      running = await start()
    },
    stop: () => running.stop(),
  }
}

/** mosquitto as docker-compose.yml starts it, from `deploy/mosquitto`, on free ports and in a folder of the test. */
export interface DeployedMosquitto {
  readonly url: string
  readonly wsUrl: string
  /** Where there are certificates. */
  readonly tlsUrl: string
  /** The file of devices that Linha Viva writes and mosquitto follows. */
  readonly devicesFile: string
  /** Stops it in order and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * @param passwords     of the platform's users; beside them there is the device `meter-7`, password `device`, entered by hand
 * @param certificates  for a listener that speaks TLS
 */
export async function startDeployedMosquitto(
  folder: string,
  passwords: Readonly<Record<BrokerUser, string>>,
  log: (line: string) => void = () => undefined,
  certificates?: Certificates,
): Promise<DeployedMosquitto> {
  const config = join(folder, 'config')
  const data = join(folder, 'data')
  const devices = join(folder, 'broker', 'devices')
  cpSync(join(installation, 'deploy', 'mosquitto'), config, { recursive: true })
  mkdirSync(data)
  if (certificates) {
    cpSync(certificates.cert, join(config, 'server.crt'))
    cpSync(certificates.key, join(config, 'server.key'))
  }
  const [port, wsPort, tlsPort] = [await freePort(), await freePort(), await freePort()]
  const file = join(config, 'mosquitto.conf')
  const here = readFileSync(file, 'utf8')
    .replace('listener 1883\n', `listener ${port} 127.0.0.1\n`)
    .replace('listener 8083\n', `listener ${wsPort} 127.0.0.1\n`)
    .replaceAll('/mosquitto/config/', `${config}/`)
    .replaceAll('/mosquitto/data/', `${data}/`)
    .replaceAll('/tmp/passwords', join(folder, 'passwords'))
  // Read by mosquitto, which leaves root's rights behind unless told otherwise.
  writeFileSync(file, `${here}user ${userInfo().username}\n`)
  const made = spawnSync('mosquitto_passwd', ['-b', '-c', join(config, 'devices'), 'meter-7', 'device'])
  if (made.status !== 0) throw new Error(`mosquitto_passwd: ${made.stderr?.toString() ?? made.error?.message}`)
  const env = {
    PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin`,
    PASSWORD_FILE: join(folder, 'passwords'),
    DEVICES_FILE: devices,
    TLS_LISTENER: `${tlsPort} 127.0.0.1`,
    PLATFORM_PASSWORD: passwords.linhaviva,
    DISPATCHER_PASSWORD: passwords.dispatcher,
    FLOWS_PASSWORD: passwords.flows,
    FIELD_PASSWORD: passwords.field,
  }
  const start = (): Promise<Running> => run('/bin/sh', [join(config, 'start.sh')], port, log, env)
  let running = await start()
  return {
    url: `mqtt://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${wsPort}`,
    tlsUrl: `mqtts://127.0.0.1:${tlsPort}`,
    devicesFile: devices,
    async restart() {
      await running.stop()
      running = await start()
    },
    stop: () => running.stop(),
  }
}

interface Running {
  readonly pid: number
  stop(): Promise<void>
}

async function run(
  command: string,
  args: readonly string[],
  port: number,
  log: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Running> {
  // The shell stops it when our end of its input closes, also when we were killed.
  const script = '"$0" "$@" & child=$!; echo "pid $child"; read -r _; kill "$child"; wait "$child"'
  const shell = spawn('/bin/sh', ['-c', script, command, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  })
  const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()))
  let pid = 0
  onLines(shell.stdout, (line) => (line.startsWith('pid ') ? (pid = Number(line.slice(4))) : log(line)))
  onLines(shell.stderr, log)
  async function stop(): Promise<void> {
    shell.stdin.end()
    await ended
  }
  try {
    await waitUntil('mosquitto', () => isListening(port), { withinMs: 10_000 })
  } catch (error) {
    await stop()
    throw error
  }
  return { pid, stop }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
