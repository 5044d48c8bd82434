import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { installation } from '../runtime/installation.ts'

/** A simulator in a process of its own. */
export interface SimulatorProcess {
  /** What it wrote so far. */
  readonly output: () => string
  /** Ends it: in order, or as a crash does. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts a simulator; it ends with this process, however that comes about. A login stands in the address. */
export function startSimulator(url: string, ...args: readonly string[]): SimulatorProcess {
  const script = join(installation, 'dist', 'simulator', 'main.js')
  const address = new URL(url)
  const { username, password } = address
  address.username = ''
  address.password = ''
  const child = spawn(process.execPath, [script, '--url', address.href, ...args], {
    env: {
      ...process.env,
      ...(username !== '' && { MQTT_USER: username, MQTT_PASSWORD: decodeURIComponent(password) }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (output += text.toString()))
  const ended = once(child, 'exit')
  return {
    output: () => output,
    async end(signal) {
      child.kill(signal)
      await ended
    },
  }
}
