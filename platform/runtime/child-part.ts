import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from './keep-running.ts'
import { onLines } from './lines.ts'
import { send } from './postgres-leftovers.ts'

export interface ChildPart {
  readonly script: string
  readonly args?: readonly string[]
  /** For node itself, before the script. */
  readonly nodeArgs?: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** How it tells that it is ready: by the message 'ready', by an answer true of this question, or (absent) by running. */
  readonly ready?: 'message' | (() => Promise<boolean>)
  readonly readyWithinMs?: number
  /** It may take this long to end when asked to; then it is killed. */
  readonly patienceMs: number
  readonly onLine: (line: string, stream: 'out' | 'error') => void
  /** Hears whatever it tells us beside. */
  readonly onMessage?: ((message: unknown) => void) | undefined
}

/**
 * Starts a Node process as leader of its own process group: Ctrl-C at the terminal reaches us alone, and we stop the parts in order.
 * The channel between us tells it when we are gone, however that came about.
 * @throws Error if it ends, or is not ready in time, or `stopping` is raised
 */
export async function startChild(part: ChildPart, stopping: AbortSignal): Promise<Running> {
  const child = spawn(process.execPath, [...(part.nodeArgs ?? []), part.script, ...(part.args ?? [])], {
    env: part.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  onLines(child.stdout!, (line) => part.onLine(line, 'out'))
  onLines(child.stderr!, (line) => part.onLine(line, 'error'))
  if (part.onMessage) child.on('message', part.onMessage)
  let over = false
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`))
  })
  void ended.then(() => (over = true))

  async function stop(): Promise<void> {
    if (over || child.pid === undefined) return
    child.kill('SIGTERM')
    await Promise.race([ended, sleep(part.patienceMs, undefined, { ref: false })])
    // The whole group: what the part itself has started goes with it.
    if (!over) send(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
    await ended
  }

  const readiness = new AbortController()
  const outcome = await Promise.race([
    part.ready === 'message'
      ? new Promise<'ready'>((resolve) => child.once('message', () => resolve('ready')))
      : answered(part.ready ?? (async () => true), readiness.signal),
    ended,
    sleep(part.readyWithinMs ?? 120_000, 'not ready in time', { ref: false }),
    new Promise<string>((resolve) => stopping.addEventListener('abort', () => resolve('stopping'), { once: true })),
  ])
  readiness.abort()
  if (outcome === 'ready') return { ended, stop }
  await stop()
  throw new Error(outcome)
}

async function answered(isReady: () => Promise<boolean>, over: AbortSignal): Promise<'ready'> {
  while (!(await isReady())) {
    if (over.aborted) break
    await sleep(100, undefined, { ref: false })
  }
  return 'ready'
}
