import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '../platform/http/health.ts'
import { installation } from '../platform/runtime/installation.ts'
import { onLines } from '../platform/runtime/lines.ts'
import { Visitor } from './users.fixture.ts'
import { waitUntil } from './waiting.fixture.ts'

const runtime = join(installation, 'dist', 'platform', 'runtime')
const redScript = createRequire(import.meta.url).resolve('node-red/red.js')

export interface FlowNode {
  id: string
  type: string
  z?: string
  wires?: string[][]
  [property: string]: unknown
}

/** A real Node-RED with our settings, as `npm start` runs it, that can be killed and started again. */
export class NodeRedProcess {
  readonly url: string
  /** Somebody who may do all that is done here. */
  readonly admin: Visitor
  #env: NodeJS.ProcessEnv
  #log: (line: string) => void
  #child: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()

  constructor(port: number, env: NodeJS.ProcessEnv, log: (line: string) => void) {
    this.url = `http://127.0.0.1:${port}`
    this.admin = new Visitor(this.url, 'admin')
    this.#env = env
    this.#log = log
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** It was started, and has not ended. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Starts it; resolves when it answers. `healthy` waits until everything it needs is there. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        ...['--import', `file://${join(runtime, 'end-with-parent.js')}`],
        ...[redScript, '--settings', join(runtime, 'node-red-settings.js')],
      ],
      { env: this.#env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    )
    this.#child = child
    onLines(child.stdout!, this.#log)
    onLines(child.stderr!, this.#log)
    let over = false
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()))
    void this.#ended.then(() => (over = true))
    await waitUntil('Node-RED', async () => over || (await this.health()) !== undefined)
    if (over) throw new Error('Node-RED ended while it was starting')
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM')
    await Promise.race([this.#ended, sleep(8_000, undefined, { ref: false })])
    await this.kill()
  }

  /** What `/api/health` answers, be it 200 or 503; rejects while Node-RED does not answer. */
  health(): Promise<Health> {
    return healthOf(this.url, this.admin)
  }

  async healthy(withinMs = 60_000): Promise<Health> {
    const ask = async (): Promise<Health | false> => {
      const health = await this.health()
      return health.status === 'ok' && health
    }
    return waitUntil('a healthy Node-RED', ask, { withinMs, explain: async () => JSON.stringify(await this.health()) })
  }

  /** What the editor gets, and with it the revision that a deploy has to name. */
  async flows(): Promise<{ flows: FlowNode[]; rev: string }> {
    const response = await this.admin.fetch('/editor/flows', { headers: { 'Node-RED-API-Version': 'v2' } })
    return (await response.json()) as { flows: FlowNode[]; rev: string }
  }

  /** Edits the flows and deploys them as the editor does: full, or only what was modified. */
  async deploy(edit: (flows: FlowNode[]) => FlowNode[], type: 'full' | 'nodes' | 'flows' = 'full'): Promise<void> {
    const { flows, rev } = await this.flows()
    const response = await this.admin.fetch('/editor/flows', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Node-RED-API-Version': 'v2',
        'Node-RED-Deployment-Type': type,
      },
      body: JSON.stringify({ flows: edit(flows), rev }),
    })
    if (!response.ok) throw new Error(`deploy: ${response.status} ${await response.text()}`)
  }

  memory(): ReturnType<typeof memoryOf> {
    return memoryOf(this.pid)
  }
}

/**
 * What `/api/health` answers, be it 200 or 503: all of it where somebody can log in, else, as while the database is not
 * there yet, what it tells everybody.
 */
export async function healthOf(url: string, visitor: Visitor): Promise<Health> {
  const ask = async (headers = {}): Promise<Health> =>
    (await (await fetch(`${url}/api/health`, { headers, signal: AbortSignal.timeout(10_000) })).json()) as Health
  const told = await ask(await bearerOf(visitor))
  if (told.ingest) return told
  visitor.forget()
  return ask(await bearerOf(visitor))
}

const bearerOf = (visitor: Visitor): Promise<Record<string, string>> =>
  visitor.token().then(
    (token) => ({ Authorization: `Bearer ${token}` }),
    () => ({}),
  )

/** Memory of a process in MB, now and at its highest since the start; where the system does not tell, undefined. */
export function memoryOf(pid: number): { now: number; peak: number } | undefined {
  const text = readProc(pid, 'status')
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text ?? '')?.[1])
  return text === undefined ? undefined : { now: kilobytes('VmRSS') / 1024, peak: kilobytes('VmHWM') / 1024 }
}

/** Processor seconds a process has used since its start; where the system does not tell, undefined. */
export function cpuSeconds(pid: number): number | undefined {
  const fields = readProc(pid, 'stat')?.split(') ')[1]?.split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) / 100
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // No such system, or no such process any more.
    return undefined
  }
}
