import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, it } from 'mocha'
import { health } from '../../platform/http/health.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { freePort } from '../../platform/runtime/embedded-database.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { Broker } from './broker.fixture.ts'
import { EdgeNodeClient, type EdgeMetric } from './sparkplug-edge-node.fixture.ts'
import { startTelemetry, store } from './telemetry-flow.fixture.ts'

const stateTopic = 'spBv1.0/STATE/linha-viva'

describe('sparkplug in', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let broker: Broker
  let flow: TestFlow | undefined
  let port: number
  const edgeNodes: EdgeNodeClient[] = []

  beforeEach(async () => {
    port = await freePort()
    broker = await Broker.start(port)
  })
  afterEach(async () => {
    await flow?.stop()
    for (const edgeNode of edgeNodes.splice(0)) await edgeNode.leave()
    await broker.stop()
    flow = undefined
  })
  after(() => assert.equal(acknowledgements.size, 0))

  const nodes = (more: Record<string, unknown> = {}): FlowNode[] => [
    { id: 'broker', type: 'linhaviva-broker', url: `mqtt://127.0.0.1:${port}`, protocol: '3.1.1', ...more },
    {
      ...{ id: 'in', type: 'linhaviva-sparkplug-in', broker: 'broker', database: 'db', wires: [['store'], ['store']] },
      ...{ reorderSeconds: 0.2, rebirthSeconds: 1, ...more },
    },
    store(),
  ]
  async function start(more: Record<string, unknown> = {}): Promise<void> {
    flow = await startTelemetry(test.login, nodes(more))
    await waitUntil('the birth of the host', () => states().some(({ payload }) => JSON.parse(payload!).online === true))
  }
  const states = () => broker.deeds.filter(({ what, topic }) => what === 'publish' && topic === stateTopic)
  async function edgeNode(id: string, bdSeq = 0): Promise<EdgeNodeClient> {
    const one = await EdgeNodeClient.connect(`mqtt://127.0.0.1:${port}`, 'plant', id, bdSeq)
    edgeNodes.push(one)
    return one
  }
  const rows = (deviceId: string) =>
    test.database.query<{ va_v: number; p_kw: number; quality: string; instant: number }>(
      `select va_v, p_kw, quality, extract(epoch from at)::float8 * 1000 as instant
       from meter_reading join device using (device_key) where device_id = $1 order by at`,
      [deviceId],
    )
  const rowsOf = (deviceId: string, count: number) =>
    waitUntil(`${count} rows of ${deviceId}`, async () => {
      const found = await rows(deviceId)
      return found.length >= count && found
    })
  const presence = async (deviceId: string) =>
    (
      await test.database.query<{ online: boolean }>(
        'select online from device_presence join device using (device_key) where device_id = $1',
        [deviceId],
      )
    )[0]?.online
  const quarantined = (reason: string) =>
    waitUntil(`${reason} in quarantine`, async () => {
      const found = await test.database.query<{ topic: string; detail: string; payload: Buffer }>(
        'select topic, detail, payload from quarantine where reason = $1 order by quarantine_id',
        [reason],
      )
      return found.length > 0 && found
    })

  const meterBirth = (voltage: number, at: number): EdgeMetric[] => [
    { name: 'Linha Viva/kind', type: 'String', value: 'meter', timestamp: at },
    { name: 'Meter/va_v', alias: 1, type: 'Float', value: voltage, timestamp: at },
    { name: 'Meter/p_kw', alias: 2, type: 'Float', value: 1.5, timestamp: at },
  ]

  it('takes births and data by alias to the store, with what did not change', async () => {
    await start()
    const gateway = await edgeNode('gw-1')
    const at = Date.now() - 5_000
    await gateway.birth()
    await gateway.deviceBirth('meter-1', meterBirth(127.1, at))
    await gateway.deviceData('meter-1', [{ alias: 2, type: 'Float', value: 2.5, timestamp: at + 1_000 }])
    assert.deepEqual(await rowsOf('plant.gw-1.meter-1', 2), [
      { va_v: 127.1, p_kw: 1.5, quality: 'good', instant: at },
      { va_v: 127.1, p_kw: 2.5, quality: 'good', instant: at + 1_000 },
    ])
    assert.equal(await presence('plant.gw-1.meter-1'), true)
    assert.equal(await presence('plant.gw-1'), true)
    await waitUntil('what is in flight', () => health(0).ingest.inFlight === 0)
  })

  it('keeps what it cannot read as it came, with the reason', async () => {
    await start()
    const gateway = await edgeNode('gw-2')
    const bytes = Buffer.from([0xff, 0x00, 0xfe])
    await gateway.publishRaw('spBv1.0/plant/NBIRTH/gw-2', bytes)
    const [row] = await quarantined('bad_payload')
    assert.equal(row!.topic, 'spBv1.0/plant/NBIRTH/gw-2')
    assert.deepEqual(row!.payload, bytes)
  })
})
