import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { installation } from '../platform/runtime/installation.ts'

/**
 * Runs the simulator in a process of its own, to its end.
 * @param env  variables beside those of this process
 * @returns its exit code and what it wrote, both streams together
 */
export function runSimulator(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const script = join(installation, 'dist', 'simulator', 'main.js')
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    // The channel tells it when we were killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (output += text.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
