import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '../node/waiting.fixture.ts'
import { type DeviceHashes, devicesFile, followDevices, readDevices, writeDevices } from './devices-file.ts'
import { hashPassword } from './password-hash.ts'

const hash = (password: string): string => hashPassword(password, Buffer.alloc(12, password.length))

describe('the file of devices', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'devices-file-'))
    path = devicesFile(folder)
  })
  afterEach(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })

  const hashes = new Map([
    ['ev-1', hash('one')],
    ['m.2', hash('another')],
  ])

  it('says what was written, a line a device, as mosquitto reads it', () => {
    writeDevices(path, hashes)
    assert.equal(readFileSync(path, 'utf8'), `ev-1:${hash('one')}\nm.2:${hash('another')}\n`)
    assert.deepEqual(readDevices(path), hashes)
  })

  it('is for its owner to write and for its group to read, and for nobody else', function () {
    if (process.platform === 'win32') this.skip()
    writeDevices(path, hashes)
    assert.equal(statSync(path).mode & 0o777 & ~0o640, 0)
    assert.equal(statSync(join(folder, 'broker')).mode & 0o777 & ~0o750, 0)
  })

  it('is left alone when there is nothing new to say', () => {
    assert.equal(writeDevices(path, hashes), true)
    const { ino } = statSync(path)
    assert.equal(writeDevices(path, hashes), false)
    assert.equal(statSync(path).ino, ino)
    assert.equal(writeDevices(path, new Map()), true)
    assert.equal(readDevices(path).size, 0)
  })

  it('lets nobody in by a line that cannot be understood', () => {
    mkdirSync(join(folder, 'broker'))
    const lines = [
      '',
      'ev-1',
      'ev-2:',
      'ev-3:plain',
      '+:' + hash('x'),
      ':' + hash('x'),
      `a/b:${hash('x')}`,
      `ok:${hash('x')}`,
    ]
    writeFileSync(path, lines.join('\n'))
    assert.deepEqual([...readDevices(path).keys()], ['ok'])
  })

  it('is followed: from the start, after each change, and when it is gone', async () => {
    const seen: DeviceHashes[] = []
    const { look, stop } = followDevices(path, (now) => seen.push(now), assert.fail)
    try {
      assert.equal(seen.length, 0)
      writeDevices(path, hashes)
      await waitUntil('what it says', () => seen.length === 1)
      assert.deepEqual(seen.at(-1), hashes)
      writeDevices(path, new Map([['ev-1', hash('two')]]))
      await waitUntil('what it says', () => seen.length === 2)
      assert.deepEqual([...seen.at(-1)!.keys()], ['ev-1'])
      rmSync(path)
      await waitUntil('what it says', () => seen.length === 3)
      assert.equal(seen.at(-1)!.size, 0)
      writeDevices(path, hashes)
      look()
      assert.deepEqual(seen.at(-1), hashes)
    } finally {
      stop()
    }
  })

  it('keeps in force what it said last while it cannot be read, and says so once', async () => {
    writeDevices(path, hashes)
    const seen: DeviceHashes[] = []
    const lines: string[] = []
    const { stop } = followDevices(
      path,
      (now) => seen.push(now),
      (line) => lines.push(line),
    )
    try {
      rmSync(path)
      mkdirSync(path)
      await waitUntil('the complaint', () => lines.length > 0)
      assert.match(lines[0]!, /^the credentials of devices cannot be read: EISDIR/)
      rmSync(path, { recursive: true })
      writeDevices(path, new Map([['m.2', hash('another')]]))
      await waitUntil('what it says', () => seen.length === 2)
      assert.deepEqual(lines.length, 1)
    } finally {
      stop()
    }
  })
})
