import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../platform/runtime/embedded-database.ts'
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
  stop(): Promise<void>
}

/** Starts mosquitto with the configuration that the README recommends, on a free port. */
export async function startMosquitto(folder: string, log: (line: string) => void): Promise<Mosquitto> {
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
      '',
    ].join('\n'),
  )
  // The shell stops it when our end of its input closes, also when we were killed.
  const script = '"$0" -c "$1" & child=$!; echo "pid $child"; read -r _; kill "$child"; wait "$child"'
  const shell = spawn('/bin/sh', ['-c', script, program, config], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
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
  return { port, pid, stop }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
