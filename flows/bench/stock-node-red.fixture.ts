import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installation } from '../../platform/runtime/installation.ts'
import { onLines } from '../../platform/runtime/lines.ts'
import { type FlowNode, memoryOf } from '../node-red-process.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { ContenderProcess } from './contender.fixture.ts'
import type { StockSettings } from './stock-settings.fixture.ts'

const redScript = createRequire(import.meta.url).resolve('node-red/red.js')
const endWithParent = join(installation, 'dist', 'platform', 'runtime', 'end-with-parent.js')
const settingsFile = join(import.meta.dirname, 'stock-settings.fixture.js')

/** The same Node-RED on the same Node, with stock nodes and nothing of ours. */
export class StockNodeRed implements ContenderProcess {
  #settings: StockSettings
  #log: (line: string) => void
  #isReady: () => Promise<boolean>
  #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()

  /** @param isReady  whether its flow takes readings; asked again and again at the start */
  constructor(
    settings: StockSettings,
    flows: FlowNode[],
    isReady: () => Promise<boolean>,
    log: (line: string) => void,
    env: Readonly<Record<string, string>>,
  ) {
    this.#settings = settings
    this.#isReady = isReady
    this.#log = log
    this.#env = env
    mkdirSync(settings.folder, { recursive: true })
    writeFileSync(join(settings.folder, 'flows.json'), JSON.stringify(flows, null, 2))
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--import', `file://${endWithParent}`, redScript, '--settings', settingsFile],
      {
        env: { ...process.env, ...this.#env, STOCK_NODE_RED: JSON.stringify(this.#settings) },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    )
    this.#child = child
    onLines(child.stdout!, this.#log)
    onLines(child.stderr!, this.#log)
    let over = false
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()))
    void this.#ended.then(() => (over = true))
    await waitUntil('the stock flow', async () => over || this.#isReady(), { everyMs: 200, withinMs: 20_000 })
    if (over) throw new Error('the stock Node-RED ended while it was starting')
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM')
    await Promise.race([this.#ended, sleep(8_000, undefined, { ref: false })])
    await this.kill()
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  memory(): { now: number; peak: number } | undefined {
    return memoryOf(this.pid)
  }
}
