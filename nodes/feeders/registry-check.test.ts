import assert from 'node:assert/strict'
import { changeRecord } from '../../platform/network/change-registry.ts'
import { importNetwork } from '../../platform/network/import/import.ts'
import { recordKinds } from '../../platform/network/record-kinds.ts'
import { loadRegistryChecks } from '../../platform/network/registry-check.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { buildTown } from './limits/town.fixture.ts'
import provide from './registry-check.ts'

describe('the registry, where feeders are controlled', () => {
  const store = useDatabase()
  const kind = (name: string) => recordKinds.find(({ table }) => table === name)!
  const device = (more: object) => changeRecord(store.database, kind('devices'), 'ev-2', more as never)

  before(async () => {
    await buildTown(store)
    provide()
    // As a command line does; a check that is told twice looks once.
    await loadRegistryChecks()
  })

  it('refuses a fallback that a feeder cannot carry, naming it, what would flow and its limit', async () => {
    await changeRecord(store.database, kind('feeders'), 'f-1', { limitKw: 15 })
    await assert.rejects(device({ fallbackKw: 22 }), {
      status: 409,
      message: 'feeder f-1 could import 22 kW in all if its devices fell back, and its limit is 15 kW (registry)',
    })
    await device({ fallbackKw: 14 })
    await assert.rejects(
      changeRecord(store.database, kind('feeders'), 'f-1', { limitKw: 10 }),
      /feeder f-1 could import 14 kW/,
    )
    await assert.rejects(
      changeRecord(store.database, kind('feeders'), 'f-1a', { limitKw: 10 }),
      /feeder f-1a could import 14 kW/,
    )
  })

  it('refuses a file that brings more than fits, and takes one that moves a device away', async () => {
    const file = (...lines: string[]) => [{ name: 'devices.csv', bytes: Buffer.from(`${lines.join('\n')}\n`) }]
    const header = 'device_id,kind,der_type,feeder_id,rated_kw,fallback_kw'
    const more = file(header, 'ev-9,der,ev,f-1,7,2')
    await assert.rejects(importNetwork(store.database, more, { timeZone: 'UTC' }), /feeder f-1 could import 16 kW/)
    const moved = file(header, 'ev-9,der,ev,f-1,7,2', 'ev-2,der,ev,f-2,22,14')
    await importNetwork(store.database, moved, { timeZone: 'UTC' })
  })

  it('lets a system that is beyond its limits be put right', async () => {
    await store.database.query(`update feeder set limit_kw = 1 where feeder_id = 'f-2'`)
    await device({ priority: 7 })
    await device({ fallbackKw: 5 })
    await assert.rejects(device({ fallbackKw: 6 }), /feeder f-2/)
  })
})
