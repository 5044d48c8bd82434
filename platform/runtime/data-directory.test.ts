import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takeDataDirectory } from './data-directory.ts'
import { StartError } from './start-error.ts'

describe('takeDataDirectory', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'data-directory-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('makes it, and is alone in it until released', () => {
    const path = join(folder, 'deep', 'data')
    const held = takeDataDirectory(path)
    assert.equal(held.wasKilled, false)
    assert.throws(() => takeDataDirectory(path), new RegExp(`in use by another instance \\(pid ${process.pid}\\)`))
    held.release()
    assert.equal(existsSync(join(path, 'instance.json')), false)
    takeDataDirectory(path).release()
  })

  it('says in one line that it cannot be written', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    assert.throws(
      () => takeDataDirectory(join(file, 'data')),
      (error: unknown) =>
        error instanceof StartError && /^DATA_DIR .* cannot be written \(ENOTDIR\)$/.test(error.message),
    )
  })

  it('takes over from an instance that was killed', async () => {
    const module = new URL('data-directory.js', import.meta.url).href
    const script = `import { takeDataDirectory } from ${JSON.stringify(module)}
      takeDataDirectory(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000)`
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(other.stdout, 'data')
    assert.throws(() => takeDataDirectory(folder), new RegExp(`pid ${other.pid}`))
    other.kill('SIGKILL')
    await once(other, 'exit')
    const held = takeDataDirectory(folder)
    assert.equal(held.wasKilled, true)
    held.release()
  })

  it('does not mistake another process of the same number for the holder', () => {
    writeFileSync(join(folder, 'instance.json'), JSON.stringify({ pid: process.pid, began: 'before the last boot' }))
    takeDataDirectory(folder).release()
  })

  it('takes over from an instance that was killed while it wrote the lock', () => {
    writeFileSync(join(folder, 'instance.json'), '{"pi')
    takeDataDirectory(folder).release()
  })
})
