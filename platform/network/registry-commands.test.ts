import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useDatabase } from '../storage/test-database.ts'
import type { Claim } from './registration.ts'
import { runCommand } from './registry-commands.ts'
import { readCommand } from './registry-flags.ts'
import { insertDevices } from './repository.ts'

describe('registry commands', () => {
  const store = useDatabase()
  let folder: string

  before(() => (folder = mkdtempSync(join(tmpdir(), 'linha-viva-registry-'))))
  after(() => rmSync(folder, { recursive: true }))
  beforeEach(() => store.database.query('delete from device'))

  async function run(...args: readonly string[]): Promise<{ code: number; answer: string; told: string[] }> {
    const command = readCommand(args)
    assert.ok(command.task !== 'help')
    let answer = ''
    const told: string[] = []
    const code = await runCommand(store.database, command, {
      timeZone: 'America/Sao_Paulo',
      answer: (text) => (answer += text),
      tell: (line) => told.push(line),
    })
    return { code, answer, told }
  }

  const contact = (...claims: Claim[]) =>
    store.database.transaction((client) => insertDevices(client, claims, 'pending', Date.now()))
  const statuses = async () => {
    const rows = await store.database.query<{ device_id: string; status: string }>(
      'select device_id, status from device order by 1',
    )
    return rows.map(({ device_id, status }) => `${device_id} ${status}`)
  }

  it('list who waits, with what it says of itself', async () => {
    await contact(
      { deviceId: 'ev-9', kind: 'der', derType: 'ev', siteId: 'house-01', feederId: 'feeder-01', pMaxKw: 7.4 },
      { deviceId: 'p-9', kind: 'panel', location: 'roof\u001b[2J' },
    )
    const { answer } = await run('list', '--status', 'pending')
    const lines = answer.trimEnd().split('\n')
    assert.match(lines[0]!, /^device +kind +status +known since +says of itself$/)
    assert.match(
      lines[1]!,
      /^ev-9 +der +pending +\S+Z +derType "ev", siteId "house-01", feederId "feeder-01", pMaxKw 7\.4$/,
    )
    assert.match(lines[2]!, /^p-9 +panel +pending +\S+Z +location "roof\\u001b\[2J"$/)
    assert.equal((await run('list', '--status', 'rejected')).answer, 'no devices\n')
  })

  it('list as JSON', async () => {
    await contact({ deviceId: 'm-9', kind: 'meter' })
    const devices = JSON.parse((await run('list', '--json')).answer) as { deviceId: string; status: string }[]
    assert.deepEqual(
      devices.map(({ deviceId, status }) => [deviceId, status]),
      [['m-9', 'pending']],
    )
  })

  it('approve devices, with the place they claimed, and reject them', async () => {
    await contact({ deviceId: 'a', kind: 'panel', feederId: 'f-claimed' }, { deviceId: 'b', kind: 'panel' })
    assert.equal((await run('approve', 'a')).answer, 'approved 1 device: a\n')
    assert.equal((await run('approve', 'a', 'b', 'a')).answer, 'approved 1 device: b\nactive before: a\n')
    assert.equal((await run('reject', 'b')).answer, 'rejected 1 device: b\n')
    assert.deepEqual(await statuses(), ['a active', 'b rejected'])
    const [device] = await store.database.query("select feeder_id, rated_kw from device where device_id = 'a'")
    assert.deepEqual(device, { feeder_id: 'f-claimed', rated_kw: 0.4 })
  })

  it('approve everything that waits, and nothing else', async () => {
    await contact({ deviceId: 'a', kind: 'meter' }, { deviceId: 'b', kind: 'meter' }, { deviceId: 'c', kind: 'meter' })
    await run('reject', 'b')
    assert.equal((await run('approve', '--all-pending')).answer, 'approved 2 devices: a, c\n')
    assert.equal((await run('approve', '--all-pending')).answer, 'no device waits for approval\n')
    assert.deepEqual(await statuses(), ['a active', 'b rejected', 'c active'])
  })

  it('change nothing where a device is unknown', async () => {
    await contact({ deviceId: 'a', kind: 'meter' })
    const { code, told } = await run('approve', 'a', 'z-8')
    assert.deepEqual([code, told], [1, ['no such device: z-8; nothing was changed']])
    assert.deepEqual(await statuses(), ['a pending'])
  })

  it('import a folder, or try it', async () => {
    await contact({ deviceId: 'm-1', kind: 'meter' })
    writeFileSync(join(folder, 'devices.csv'), 'device_id,kind\nm-1,meter\nm-2,meter\n')
    const trial = await run('import', folder, '--dry-run')
    assert.match(trial.answer, /Nothing was written \(--dry-run\)\.\n$/)
    assert.deepEqual(await statuses(), ['m-1 pending'])
    const { code, answer, told } = await run('import', folder)
    assert.deepEqual([code, told], [0, []])
    assert.deepEqual(answer.split('\n'), [
      '         added  changed  unchanged',
      'devices      1        1          0',
      'no longer waiting for approval: m-1',
      'Imported.',
      '',
    ])
  })

  it('tell what is wrong with an import', async () => {
    writeFileSync(join(folder, 'devices.csv'), 'device_id,kind,rated_kw\nm-1,meter,abc\nm-2,,\n')
    const { code, answer, told } = await run('import', folder)
    assert.deepEqual([code, answer], [1, ''])
    assert.deepEqual(told.join('\n').split('\n'), [
      'devices.csv line 2: rated_kw is "abc", not a number',
      'devices.csv line 3: kind is empty',
      'Nothing was imported: 2 errors.',
    ])
  })
})
