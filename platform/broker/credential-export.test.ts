import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    await until(() => readDevices(path).has('before'))
  })
  after(async () => {
    over.abort()
    await running
    rmSync(folder, { recursive: true, force: true })
  })

  it('lets a device in, changes its password, and shuts it out, each within 5 s', async () => {
    const issued = await issueCredential(store.database, 'ev-1', 0)
    await until(() => opens('ev-1', issued.password))
    const rotated = await rotateCredential(store.database, 'ev-1', 1)
    await until(() => opens('ev-1', rotated.password))
    assert.equal(opens('ev-1', issued.password), false)
    await revokeCredential(store.database, 'ev-1', 2)
    await until(() => !readDevices(path).has('ev-1'))
    assert.ok(readDevices(path).has('before'))
  })

  it('ends up with the last of many changes at once', async () => {
    const devices = Array.from({ length: 50 }, (_, n) => `many-${n}`)
    await Promise.all(devices.map((device) => issueCredential(store.database, device, 0)))
    await until(() => devices.every((device) => readDevices(path).has(device)))
    await Promise.all(devices.slice(1).map((device) => revokeCredential(store.database, device, 1)))
    await until(() => readDevices(path).size === 2)
  })

  it('says that it cannot be written, and is written as soon as it can', async () => {
    rmSync(join(folder, 'broker'), { recursive: true })
    writeFileSync(join(folder, 'broker'), 'in the way')
    await issueCredential(store.database, 'late', 0)
    await until(() => lines.some((line) => line.startsWith('the broker does not learn the credentials of devices: ')))
    rmSync(join(folder, 'broker'))
    await until(() => readDevices(path).has('late'))
  })
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!safely(holds)) {
    assert.ok(Date.now() < deadline, `in vain waited for ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** While the file cannot be read, nothing holds of it. */
function safely(holds: () => boolean): boolean {
  try {
    return holds()
  } catch {
    return false
  }
}
