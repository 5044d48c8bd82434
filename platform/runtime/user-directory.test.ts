import assert from 'node:assert/strict'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareUserDirectory } from './user-directory.ts'

describe('prepareUserDirectory', () => {
  let folder: string
  let userDir: string
  let installed: string
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'user-directory-')))
    userDir = join(folder, 'node-red')
    installed = join(folder, 'installation')
    makePackage(installed, '@ours/nodes', '1.2.3')
    makePackage(join(installed, 'nodes', 'console'), '@ours/widgets', '4.5.6')
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const listed = (): Record<string, unknown> =>
    JSON.parse(readFileSync(join(userDir, 'package.json'), 'utf8')) as Record<string, unknown>
  const linked = (name: string): string => realpathSync(join(userDir, 'node_modules', name))

  it('links our packages and lists them', () => {
    prepareUserDirectory(userDir, installed)
    assert.equal(linked('@ours/nodes'), installed)
    assert.equal(linked('@ours/widgets'), join(installed, 'nodes', 'console'))
    const dependencies = { '@ours/nodes': '1.2.3', '@ours/widgets': '4.5.6' }
    assert.deepEqual(listed(), { name: 'linha-viva-runtime', private: true, dependencies })
  })

  it('keeps what somebody installed there', () => {
    makePackage(join(userDir, 'node_modules', 'theirs'), 'theirs', '7.0.0')
    const theirs = { name: 'mine', description: 'kept', dependencies: { theirs: '~7.0.0', '@ours/nodes': '0.9.0' } }
    writeFileSync(join(userDir, 'package.json'), JSON.stringify(theirs))
    prepareUserDirectory(userDir, installed)
    const dependencies = { theirs: '~7.0.0', '@ours/nodes': '1.2.3', '@ours/widgets': '4.5.6' }
    assert.deepEqual(listed(), { ...theirs, private: true, dependencies })
    assert.ok(existsSync(join(userDir, 'node_modules', 'theirs', 'package.json')))
  })

  it('changes nothing the second time', () => {
    prepareUserDirectory(userDir, installed)
    const files = [join(userDir, 'package.json'), join(userDir, 'node_modules', '@ours', 'nodes')]
    const before = files.map((file) => lstatSync(file).ino)
    prepareUserDirectory(userDir, installed)
    assert.deepEqual(
      files.map((file) => lstatSync(file).ino),
      before,
    )
  })

  it('follows an installation that has moved, and replaces a copy of our package', () => {
    prepareUserDirectory(userDir, installed)
    const moved = join(folder, 'moved')
    makePackage(moved, '@ours/nodes', '2.0.0')
    prepareUserDirectory(userDir, moved)
    assert.equal(linked('@ours/nodes'), moved)
    assert.ok(existsSync(join(installed, 'package.json')))
    const copy = join(userDir, 'node_modules', '@ours', 'nodes')
    rmSync(copy)
    makePackage(copy, '@ours/nodes', '0.1.0')
    prepareUserDirectory(userDir, installed)
    assert.equal(linked('@ours/nodes'), installed)
    assert.ok(statSync(join(installed, 'dist')).isDirectory())
  })

  it('leaves out a package that was not built', () => {
    rmSync(join(installed, 'nodes', 'console', 'dist'), { recursive: true })
    prepareUserDirectory(userDir, installed)
    assert.deepEqual(listed().dependencies, { '@ours/nodes': '1.2.3' })
    assert.equal(existsSync(join(userDir, 'node_modules', '@ours', 'widgets')), false)
  })
})

function makePackage(folder: string, name: string, version: string): void {
  mkdirSync(join(folder, 'dist'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }))
}
