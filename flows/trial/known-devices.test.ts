import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installation } from '../../platform/runtime/installation.ts'
import { KnownDevices, readRegistrations } from './known-devices.ts'

describe('the registry of a trial', () => {
  const at = Date.UTC(2026, 2, 10)

  it("reads the registry's files: a device has the place of its unit and site", async () => {
    const all = await readRegistrations(join(installation, 'docs', 'registry'), at, 'America/Sao_Paulo')
    const meter = all.find(({ deviceId }) => deviceId === 'meter-001')
    assert.deepEqual(meter && { ...meter, deviceKey: 0 }, {
      ...{ deviceKey: 0, deviceId: 'meter-001', status: 'active', kind: 'meter' },
      ...{ feederId: 'feeder-01', siteId: 'house-01', location: '-23.55,-46.63', nominalVoltageV: 127 },
    })
    assert.equal(new Set(all.map(({ deviceKey }) => deviceKey)).size, all.length)
  })

  it('knows which unit a meter measures at the time of the traffic', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'registry-'))
    writeFileSync(join(folder, 'feeders.csv'), 'feeder_id\nf-1\n')
    writeFileSync(join(folder, 'units.csv'), 'unit_id,nominal_voltage_v,feeder_id\nu-1,220,f-1\n')
    writeFileSync(join(folder, 'devices.csv'), 'device_id,kind\nm-1,meter\n')
    writeFileSync(join(folder, 'meters.csv'), 'unit_id,device_id,valid_from\nu-1,m-1,2026-01-01\n')
    try {
      const voltageAt = async (instant: number) => (await readRegistrations(folder, instant, 'UTC'))[0]?.nominalVoltageV
      assert.equal(await voltageAt(at), 220)
      assert.equal(await voltageAt(Date.UTC(2025, 0, 1)), undefined)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('says what is wrong with them', () =>
    assert.rejects(readRegistrations(join(installation, 'flows'), at, 'UTC'), { name: 'ImportError' }))

  const stranger = { deviceId: 'pv-9', kind: 'der', derType: 'pv', feederId: 'f-1', siteId: 's-1' } as const

  it('meets a stranger as the installation does: registered where he says he stands', async () => {
    const devices = new KnownDevices([], 'register')
    assert.equal(devices.needsContact(stranger), true)
    await devices.contact([stranger])
    assert.deepEqual(devices.find('pv-9'), { ...stranger, status: 'active', deviceKey: 1 })
    assert.equal(devices.needsContact(stranger), false)
  })

  it('held for approval, his place is not believed yet', async () => {
    const devices = new KnownDevices([], 'approve')
    await devices.contact([stranger])
    assert.deepEqual(devices.find('pv-9'), { deviceId: 'pv-9', kind: 'der', status: 'pending', deviceKey: 1 })
  })

  it('or not let in at all', async () => {
    const devices = new KnownDevices([], 'quarantine')
    assert.equal(await devices.contact([stranger]), 'unknown_device')
    assert.equal(devices.size, 0)
  })

  it('learns the kind of one known by its presence, and keeps the rest', async () => {
    const devices = new KnownDevices(
      [{ deviceKey: 4, deviceId: 'pv-9', status: 'active', feederId: 'f-0' }],
      'register',
    )
    await devices.contact([stranger])
    const { kind, feederId, deviceKey } = devices.find('pv-9')!
    assert.deepEqual([kind, feederId, deviceKey], ['der', 'f-0', 4])
  })
})
