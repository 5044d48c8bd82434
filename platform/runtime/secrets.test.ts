import assert from 'node:assert/strict'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSecrets, openSecrets, writeAtomically } from './secrets.ts'

describe('secrets', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'))
    path = join(folder, 'secrets.json')
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const modeOf = (file: string): number => statSync(file).mode & 0o777

  it('are long, and each is another', () => {
    const all = [newSecrets(), newSecrets()].flatMap((secrets) => Object.values(secrets))
    assert.equal(new Set(all).size, all.length)
    for (const secret of all) assert.match(secret, /^[\w-]{32}$/)
  })

  it('are made once and kept', () => {
    const made = openSecrets(folder)
    const { ino } = statSync(path)
    assert.deepEqual(openSecrets(folder), made)
    assert.equal(statSync(path).ino, ino)
    assert.deepEqual(readdirSync(folder), ['secrets.json'])
  })

  it('can be read by the running user only', function () {
    if (process.platform === 'win32') this.skip()
    openSecrets(folder)
    assert.equal(modeOf(path), 0o600)
  })

  it('keep what is known when a release needs one more', () => {
    const { credential, ...known } = openSecrets(folder)
    writeFileSync(path, JSON.stringify({ ...known, later: 'of another release' }))
    const completed = openSecrets(folder)
    assert.deepEqual({ ...completed, credential }, { ...known, credential, later: 'of another release' })
    assert.deepEqual(openSecrets(folder), completed)
  })

  for (const damaged of ['', '{"credential": "x"', 'null', '"text"', '{"credential": 1}']) {
    it(`are not made anew where the file is damaged: ${damaged || 'empty'}`, () => {
      writeFileSync(path, damaged)
      assert.throws(() => openSecrets(folder), /secrets\.json is damaged: restore it from a backup/)
      assert.equal(readFileSync(path, 'utf8'), damaged)
    })
  }

  it('are not made anew where the file cannot be read', () => {
    mkdirSync(path)
    assert.throws(() => openSecrets(folder), { code: 'EISDIR' })
  })

  it('are written beside and moved into place: who reads meanwhile reads the old ones, whole', function () {
    if (process.platform === 'win32') this.skip()
    writeAtomically(path, 'old', 0o644)
    const reader = openSync(path, 'r')
    try {
      writeAtomically(path, 'new and longer', 0o600)
      assert.equal(readFileSync(reader, 'utf8'), 'old')
    } finally {
      closeSync(reader)
    }
    assert.equal(readFileSync(path, 'utf8'), 'new and longer')
    assert.equal(modeOf(path), 0o600)
    assert.deepEqual(readdirSync(folder), ['secrets.json'])
  })
})
