import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildPart, startChild } from './child-part.ts'
import type { Running } from './keep-running.ts'
import { isAlive } from './postgres-leftovers.ts'

describe('startChild', function () {
  this.timeout(60_000)
  let folder: string
  let lines: [string, string][]
  let running: Running | undefined
  const never = new AbortController().signal

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'child-part-'))
    lines = []
  })
  afterEach(async () => {
    await running?.stop()
    running = undefined
    rmSync(folder, { recursive: true })
  })

  function part(script: string, options: Partial<ChildPart> = {}): ChildPart {
    const path = join(folder, 'part.mjs')
    writeFileSync(path, script)
    return {
      script: path,
      env: { ...process.env, GREETING: 'hello' },
      patienceMs: 5_000,
      onLine: (line, stream) => lines.push([stream, line]),
      ...options,
    }
  }
  const ready = `setInterval(() => {}, 1e6); process.send('ready');`

  it('is there when the part says that it is ready, and passes on its lines, arguments and environment', async () => {
    const script = `console.log(process.env.GREETING, process.argv[2]); console.error('oh')
      process.once('SIGTERM', () => process.exit(7)); ${ready}`
    running = await startChild(part(script, { ready: 'message', args: ['world'] }), never)
    await running.stop()
    assert.equal(await running.ended, 'exit code 7')
    while (lines.length < 2) await new Promise(setImmediate)
    assert.deepEqual(
      new Map(lines),
      new Map([
        ['out', 'hello world'],
        ['error', 'oh'],
      ]),
    )
    await running.stop()
  })

  it('asks until the answer is yes', async () => {
    let asked = 0
    running = await startChild(part(ready, { ready: async () => ++asked === 3 }), never)
    assert.equal(asked, 3)
  })

  it('rejects when the part ends before it is ready', async () => {
    await assert.rejects(startChild(part('process.exit(3)', { ready: 'message' }), never), { message: 'exit code 3' })
  })

  it('ends a part that is not ready in time', async () => {
    const late = part('setInterval(() => {}, 1e6)', { ready: 'message', readyWithinMs: 10 })
    await assert.rejects(startChild(late, never), { message: 'not ready in time' })
  })

  it('ends a part whose start is given up', async () => {
    const stopping = new AbortController()
    const starting = startChild(part('setInterval(() => {}, 1e6)', { ready: 'message' }), stopping.signal)
    stopping.abort()
    await assert.rejects(starting, { message: 'stopping' })
  })

  it('kills a part that does not end when asked to, with all that it has started', async function () {
    if (process.platform === 'win32') this.skip()
    const script = `import { spawn } from 'node:child_process'
      process.on('SIGTERM', () => {})
      const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e6); console.log(process.pid)'], { stdio: ['ignore', 'pipe', 'ignore'] })
      child.stdout.on('data', (pid) => { console.log(String(pid)); ${ready} })`
    running = await startChild(part(script, { ready: 'message', patienceMs: 50 }), never)
    while (lines.length === 0) await new Promise(setImmediate)
    const grandchild = Number(lines[0]![1])
    assert.ok(isAlive(grandchild))
    await running.stop()
    assert.equal(await running.ended, 'killed by SIGKILL')
    while (isAlive(grandchild)) await new Promise(setImmediate)
  })
})
