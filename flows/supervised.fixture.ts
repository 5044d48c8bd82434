import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Health } from '../platform/http/health.ts'
import { installation } from '../platform/runtime/installation.ts'
import { onLines } from '../platform/runtime/lines.ts'
import { type FlowNode, healthOf } from './node-red-process.fixture.ts'
import { usersEnv, Visitor } from './users.fixture.ts'
import { waitUntil } from './waiting.fixture.ts'

const runtime = join(installation, 'dist', 'platform')

/** Whether a process can be made the first of a system of its own here, as in a container. */
export const canBeFirst =
  process.platform === 'linux' && spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0

/** All of Linha Viva, as `npm start` or a container starts it: the supervisor and what it starts. */
export class SupervisedSystem {
  readonly url: string
  /** Somebody who may do all that is done here. */
  readonly admin: Visitor
  readonly lines: string[] = []
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | undefined
  #ended: Promise<number | null> = Promise.resolve(null)

  /** @param env without anything of our own but PATH */
  constructor(env: NodeJS.ProcessEnv & { readonly PORT: string }) {
    this.url = `http://127.0.0.1:${env.PORT}`
    this.admin = new Visitor(this.url, 'admin')
    this.#env = { PATH: process.env.PATH, ...usersEnv, ...env }
  }

  /** @param asFirst as process 1 of a system of its own */
  start({ asFirst = false, args = ['--no-simulator'] } = {}): void {
    const program = [process.execPath, join(runtime, 'runtime', 'main.js'), ...args]
    const [command, ...rest] = asFirst ? ['unshare', '-pf', '--mount-proc', '--kill-child', ...program] : program
    // It stops when the channel to us closes, also when we are killed.
    const child = spawn(command!, rest, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    this.#child = child
    const keep = (line: string): void => {
      this.lines.push(line)
      if (this.lines.length > 200) this.lines.shift()
    }
    onLines(child.stdout!, keep)
    onLines(child.stderr!, keep)
    this.#ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)))
  }

  async healthy(withinMs = 60_000): Promise<Health> {
    let last: unknown
    return waitUntil(
      'a healthy system',
      async () => {
        const health = (last = await this.health().catch(() => undefined))
        return (health as Health | undefined)?.status === 'ok' && (health as Health)
      },
      { withinMs, explain: async () => `${JSON.stringify(last)}\n${this.lines.slice(-20).join('\n')}` },
    )
  }

  async health(): Promise<Health> {
    return healthOf(this.url, this.admin)
  }

  async flows(): Promise<FlowNode[]> {
    return (await (await this.admin.fetch('/editor/flows')).json()) as FlowNode[]
  }

  /** Asks it to end, as a container's runtime does. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#child
    if (!child?.pid || child.exitCode !== null) return this.#ended
    const first = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')[0]
    const isFirst = child.spawnfile === 'unshare'
    process.kill(isFirst ? Number(first) : child.pid, 'SIGTERM')
    return this.#ended
  }

  /** `kill -9` of the supervisor. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#ended
  }
}

/** Runs one of the command lines. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = startProgram(program, args, env)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [code, out, err] = await Promise.all([ended, text(child.stdout!), text(child.stderr!)])
  return { code, out, err }
}

export const startProgram = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [join(runtime, program), ...args], { env: { PATH: process.env.PATH, ...env } })
