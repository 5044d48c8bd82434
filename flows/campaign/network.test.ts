import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { importNetwork } from '../../platform/network/import/import.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { registryOf } from './network.ts'
import { drawDevices } from './plan.ts'

describe('the network of a campaign', () => {
  const on = useDatabase()

  it('is taken in by the registry, with every device in its place', async () => {
    const devices = drawDevices(1, 12)
    const files = registryOf(devices).map(({ name, csv }) => ({ name: `${name}.csv`, bytes: Buffer.from(csv) }))
    await importNetwork(on.database, files, { timeZone: 'America/Sao_Paulo' })
    const rows = await on.database.query<{ kind: string; count: number }>(
      `select kind, count(*)::int from device where status = 'active' and feeder_id = 'campaign' group by kind order by kind`,
    )
    assert.deepEqual(
      rows,
      ['der', 'meter', 'switch'].map((kind) => ({ kind, count: 4 })),
    )
  })
})
