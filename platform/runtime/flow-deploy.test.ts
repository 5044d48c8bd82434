import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fingerprint } from './durable-files.ts'
import { deployFiles, finishDeploy } from './flow-deploy.ts'
import type { FlowPlaces } from './flow-deploy.ts'

const old = new Map([
  ['a.json', 'old a'],
  ['b.json', 'old b'],
  ['gone.json', 'old gone'],
])
const changes = new Map([
  ['a.json', 'new a'],
  ['b.json', 'new b'],
  ['gone.json', null],
  ['made.json', 'new made'],
])
const before = new Map([...old].map(([file, content]) => [file, fingerprint(content)]))

describe('a deploy of several files', () => {
  let root: string
  let places: FlowPlaces

  const path = (file: string): string => join(places.flowsDir, file)

  async function contents(): Promise<Record<string, string>> {
    const files = (await readdir(places.flowsDir)).filter((file) => file !== '.deploy')
    return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(path(file), 'utf8')])))
  }

  /** The directory as a crash leaves it: decided, and the first `renamed` files in place. */
  async function crashAfter(renamed: number): Promise<void> {
    const steps = [...changes].map(([file, content]) => ({
      file,
      before: before.get(file) ?? null,
      after: content === null ? null : fingerprint(content),
    }))
    await mkdir(path('.deploy'))
    await writeFile(path('.deploy/manifest'), JSON.stringify({ steps, order: ['x', 'y'] }))
    for (const [index, [file, content]] of [...changes].entries()) {
      if (index >= renamed) {
        if (content !== null) await writeFile(path(`.deploy/${file}`), content)
      } else if (content === null) await rm(path(file))
      else await writeFile(path(file), content)
    }
  }

  const all = { 'a.json': 'new a', 'b.json': 'new b', 'made.json': 'new made' }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'flow-deploy-'))
    places = { flowsDir: join(root, 'flows'), orderFile: join(root, 'order.json') }
    await mkdir(places.flowsDir)
    for (const [file, content] of old) await writeFile(path(file), content)
  })

  afterEach(() => rm(root, { recursive: true }))

  it('replaces, creates and deletes, and leaves nothing else behind', async () => {
    await deployFiles(places, changes, before, ['x', 'y'])
    assert.deepEqual(await contents(), all)
    assert.deepEqual(JSON.parse(await readFile(places.orderFile, 'utf8')), ['x', 'y'])
    assert.deepEqual((await readdir(places.flowsDir)).sort(), ['a.json', 'b.json', 'made.json'])
  })

  for (let renamed = 0; renamed <= changes.size; renamed++) {
    it(`is completed at the next start after a crash with ${renamed} of ${changes.size} files done`, async () => {
      await crashAfter(renamed)
      assert.equal(await finishDeploy(places), true)
      assert.deepEqual(await contents(), all)
      assert.deepEqual(JSON.parse(await readFile(places.orderFile, 'utf8')), ['x', 'y'])
      assert.equal(await finishDeploy(places), false)
    })
  }

  it('never happened after a crash before it was decided', async () => {
    await mkdir(path('.deploy'))
    await writeFile(path('.deploy/a.json'), 'new a, cut o')
    assert.equal(await finishDeploy(places), false)
    assert.deepEqual(await contents(), Object.fromEntries(old))
  })

  it('does not overwrite what was changed between the crash and the start', async () => {
    await crashAfter(1)
    await writeFile(path('b.json'), 'mine')
    await assert.rejects(finishDeploy(places), { code: 'flows_changed_on_disk', message: /b\.json was changed/ })
    assert.deepEqual(await contents(), { 'a.json': 'new a', 'b.json': 'mine', 'gone.json': 'old gone' })
  })

  it('writes nothing where a file is not as it was read', async () => {
    await writeFile(path('made.json'), 'mine')
    await assert.rejects(deployFiles(places, changes, before, []), { message: /made\.json was changed/ })
    assert.deepEqual(await contents(), { ...Object.fromEntries(old), 'made.json': 'mine' })
  })

  it('is whole whenever the process is killed', async function () {
    this.timeout(30_000)
    // The child deploys content 1, 2, 3, … to eight files at once, until it is killed at a moment of no choosing.
    const script = `
      import { fingerprint } from ${JSON.stringify(new URL('durable-files.js', import.meta.url).href)}
      import { deployFiles, finishDeploy } from ${JSON.stringify(new URL('flow-deploy.js', import.meta.url).href)}
      const places = ${JSON.stringify(places)}
      const files = (n) => new Map(Array.from({ length: 8 }, (_, i) => ['f' + i + '.json', String(n)]))
      await finishDeploy(places)
      let n = Number(process.argv[1])
      const prints = (files) => new Map([...files].map(([file, content]) => [file, fingerprint(content)]))
      let before = n === 0 ? new Map() : prints(files(n))
      for (;;) {
        await deployFiles(places, files(++n), before, [])
        before = prints(files(n))
        if (n % 4 === 1) process.stdout.write('.')
      }`
    let reached = 0
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, String(reached)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      await sleep(round * 7)
      child.kill('SIGKILL')
      await once(child, 'exit')
      await finishDeploy(places)
      const found = await contents()
      const values = new Set(Array.from({ length: 8 }, (_, i) => found[`f${i}.json`]))
      assert.equal(values.size, 1, `files of different deploys: ${[...values].join(', ')}`)
      reached = Number([...values][0])
      assert.ok(reached > 0)
    }
  })
})
