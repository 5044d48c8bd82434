import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { health } from '../../platform/http/health.ts'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { restartableDatabase, type RestartableDatabase } from '../../platform/storage/restartable-database.fixture.ts'
import type { FieldOverview } from '../../platform/wire/overview.ts'
import { batteryBody, meterBody, openBatch, probe, startTelemetry, store, validate } from './telemetry-flow.fixture.ts'

const overviewNode: FlowNode = { id: 'overview', type: 'linhaviva-field-overview', database: 'db', wires: [['screen']] }
const rollups: FlowNode = { id: 'rollups', type: 'linhaviva-rollups', database: 'db', wires: [[]] }

describe('field overview', function () {
  this.timeout(120_000)
  let server: RestartableDatabase
  let flow: TestFlow

  before(async () => (server = await restartableDatabase()))
  afterEach(() => flow.stop())
  after(() => server.remove())

  const overviews = () => flow.received('screen').map(({ payload }) => payload as FieldOverview)
  const shown = (what: string, right: (overview: FieldOverview) => boolean) =>
    waitUntil(what, () => overviews().findLast(right))
  const start = async (): Promise<void> => {
    const nodes = [validate(['store']), store(), rollups, overviewNode, probe('screen')]
    flow = await startTelemetry(server.server.running, nodes)
  }

  it('shows the devices, the load of the feeders, quarantine and the latest readings', async () => {
    await start()
    const now = Date.now()
    for (const [topic, payload] of [
      ['der/telemetry/battery-1', [batteryBody('battery-1', now - 1_000, 2), batteryBody('battery-1', now, 4)]],
      ['der/telemetry/battery-2', batteryBody('battery-2', now, -1)],
      ['grid/meters/meter-1/readings', meterBody('meter-1', now, 127)],
      ['grid/meters/meter-1/readings', 'no JSON'],
    ] as const) {
      const { batchId, settled } = openBatch()
      flow.send('validate', { topic, payload, batchId })
      await settled()
    }
    const overview = await shown(
      'three devices',
      ({ latest, rollupLagBatches }) => latest.length === 3 && rollupLagBatches === 0,
    )
    assert.deepEqual(overview.devices, { reporting: 3, silent: 0, silentIds: [] })
    assert.deepEqual(overview.feeders, [{ feederId: 'f-1', byType: [{ type: 'battery', kw: 3, devices: 2 }] }])
    assert.deepEqual(overview.quarantine, [{ reason: 'bad_json', count: 1 }])
    assert.deepEqual([overview.stored, overview.duplicates, overview.quarantined], [4, 0, 1])
    assert.equal(overview.latest.find(({ deviceId }) => deviceId === 'battery-1')!.kw, 4)
    assert.deepEqual(overview.degraded, [{ part: 'broker', detail: 'no node of the flows stands for it' }])
    assert.equal(health(0).offlineDevices, 0)
  })

  it('goes on without the database, with what it knew, and says what is wrong', async () => {
    await start()
    await shown('the devices', ({ devices }) => devices.reporting === 3)
    await server.kill()
    const without = await shown('the database to be down', ({ degraded }) => degraded[0]?.part === 'database')
    assert.equal(without.devices.reporting, 3)
    assert.match(without.degraded[0]!.detail, /ECONN|terminat/)
    const before = overviews().length
    await waitUntil('more overviews', () => overviews().length > before + 1)
    await server.start()
    await waitUntil('the database', () =>
      overviews()
        .at(-1)!
        .degraded.every(({ part }) => part !== 'database'),
    )
    assert.deepEqual(flow.errors(), [])
  })

  it('is sent once a second, whatever the field does', async () => {
    await start()
    await waitUntil('three of them', () => overviews().length >= 3)
    const times = overviews().map(({ at }) => at)
    assert.ok(times[2]! - times[0]! >= 1_900)
  })
})
