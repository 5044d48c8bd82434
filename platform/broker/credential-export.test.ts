import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '../node/waiting.fixture.ts'
import { useDatabase } from '../storage/test-database.ts'
import { exportCredentials } from './credential-export.ts'
import { issueCredential, revokeCredential, rotateCredential } from './credentials.ts'
import { devicesFile, readDevices } from './devices-file.ts'
import { isPassword } from './password-hash.ts'

describe('the file of devices, while credentials change', () => {
  const store = useDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'credential-export-'))
  const path = devicesFile(folder)
  const over = new AbortController()
  const lines: string[] = []
  let running: Promise<void>

  const opens = (device: string, password: string): boolean => isPassword(password, readDevices(path).get(device) ?? '')

  before(async () => {
    await issueCredential(store.database, 'before', 0)
    running = exportCredentials(store.database, path, (line) => lines.push(line), over.signal)
    await waitUntil('what was before', () => safely(() => readDevices(path).has('before')), 5_000)
  })
  after(async () => {
    over.abort()
    await running
    rmSync(folder, { recursive: true, force: true })
  })

  it('lets a device in, changes its password, and shuts it out, each within 5 s', async () => {
    const issued = await issueCredential(store.database, 'ev-1', 0)
    await waitUntil('the password to open', () => safely(() => opens('ev-1', issued.password)), 5_000)
    const rotated = await rotateCredential(store.database, 'ev-1', 1)
    await waitUntil('the new password to open', () => safely(() => opens('ev-1', rotated.password)), 5_000)
    assert.equal(opens('ev-1', issued.password), false)
    await revokeCredential(store.database, 'ev-1', 2)
    await waitUntil('the device to be shut out', () => safely(() => !readDevices(path).has('ev-1')), 5_000)
    assert.ok(readDevices(path).has('before'))
  })

  it('ends up with the last of many changes at once', async () => {
    const devices = Array.from({ length: 50 }, (_, n) => `many-${n}`)
    await Promise.all(devices.map((device) => issueCredential(store.database, device, 0)))
    await waitUntil('all devices', () => safely(() => devices.every((device) => readDevices(path).has(device))), 5_000)
    await Promise.all(devices.slice(1).map((device) => revokeCredential(store.database, device, 1)))
    await waitUntil('the last changes', () => safely(() => readDevices(path).size === 2), 5_000)
  })

  it('says that it cannot be written, and is written as soon as it can', async () => {
    rmSync(join(folder, 'broker'), { recursive: true })
    writeFileSync(join(folder, 'broker'), 'in the way')
    await issueCredential(store.database, 'late', 0)
    await waitUntil(
      'the complaint',
      () => lines.some((line) => line.startsWith('the broker does not learn the credentials of devices: ')),
      5_000,
    )
    rmSync(join(folder, 'broker'))
    await waitUntil('the late device', () => safely(() => readDevices(path).has('late')), 5_000)
  })
})

/** While the file cannot be read, nothing holds of it. */
function safely(holds: () => boolean): boolean {
  try {
    return holds()
  } catch {
    return false
  }
}
