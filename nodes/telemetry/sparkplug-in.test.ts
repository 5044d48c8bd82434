import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, it } from 'mocha'
import { health, ignoredCounts } from '../../platform/http/health.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { freePort } from '../../platform/runtime/ports.ts'
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

  it('asks for what is missing, and goes on when the edge node is born again', async () => {
    await start()
    const gateway = await edgeNode('gw-3')
    const at = Date.now() - 5_000
    gateway.onRequest = async () => {
      await gateway.birth()
      await gateway.deviceBirth('meter-1', meterBirth(130, at + 3_000))
    }
    await gateway.birth()
    await gateway.deviceBirth('meter-1', meterBirth(127, at))
    gateway.lose()
    await gateway.deviceData('meter-1', [{ alias: 2, type: 'Float', value: 9, timestamp: at + 1_000 }])
    const found = await rowsOf('plant.gw-3.meter-1', 2)
    assert.deepEqual(
      found.map(({ va_v }) => va_v),
      [127, 130],
    )
    assert.deepEqual(gateway.requests, ['Node Control/Rebirth=true'])
    const [row] = await quarantined('sequence_gap')
    assert.match(row!.detail, /^plant\/gw-3\/meter-1: number 2 is missing before it$/)
  })

  it('asks an edge node that was there before it came', async () => {
    const gateway = await edgeNode('gw-4')
    gateway.onRequest = async () => {
      await gateway.birth()
      await gateway.deviceBirth('meter-1', meterBirth(127, Date.now()))
    }
    await start()
    await gateway.deviceData('meter-1', [{ alias: 2, type: 'Float', value: 9 }])
    await rowsOf('plant.gw-4.meter-1', 1)
    assert.equal((await quarantined('not_born'))[0]!.topic, 'spBv1.0/plant/DDATA/gw-4/meter-1')
  })

  it('asks who was there before the connection broke', async () => {
    await start()
    const gateway = await edgeNode('gw-5')
    await gateway.birth()
    await waitUntil('its presence', () => presence('plant.gw-5'))
    broker.breakConnections()
    const again = await edgeNode('gw-5')
    await waitUntil('the request', () => again.requests.length > 0)
  })

  it('a connection that breaks takes edge node and devices offline', async () => {
    await start()
    const gateway = await edgeNode('gw-6', 3)
    await gateway.birth()
    await gateway.deviceBirth('meter-1', meterBirth(127, Date.now()))
    await waitUntil('its presence', () => presence('plant.gw-6.meter-1'))
    gateway.breakOff()
    await waitUntil('its absence', async () => (await presence('plant.gw-6.meter-1')) === false)
    assert.equal(await presence('plant.gw-6'), false)
  })

  it('maps metrics as its rules say, with units and words', async () => {
    await start({
      mappings: [
        {
          ...{ group: 'plant', edge: 'gw-7', device: 'q*', kind: 'meter', deviceId: 'meter-of-<device>' },
          fields: [
            { field: 'va_v', fromType: 'metric', from: 'U1' },
            { field: 'p_kw', fromType: 'metric', from: 'P', scale: '0.001' },
            { field: 'interval_s', fromType: 'num', from: '60' },
            { field: 'aggregation', fromType: 'str', from: 'mean' },
          ],
        },
      ],
    })
    const gateway = await edgeNode('gw-7')
    await gateway.birth()
    await gateway.deviceBirth('q1', [
      { name: 'U1', type: 'UInt16', value: 127, timestamp: Date.now() },
      {
        name: 'P',
        type: 'Int32',
        value: -1_500,
        timestamp: Date.now(),
        properties: { Quality: { type: 'Int32', value: 500 } },
      },
    ])
    const [row] = await rowsOf('meter-of-q1', 1)
    assert.deepEqual([row!.va_v, row!.p_kw, row!.quality], [127, -1.5, 'questionable'])
  })

  it('sends what the contract refuses to quarantine as the contract would have it, to be replayed', async () => {
    await start()
    const gateway = await edgeNode('gw-8')
    await gateway.birth()
    await gateway.deviceBirth('meter-1', [
      { name: 'Linha Viva/kind', type: 'String', value: 'meter' },
      { name: 'va_v', type: 'Double', value: -1, timestamp: Date.now() },
    ])
    const [row] = await quarantined('out_of_range')
    assert.equal(row!.topic, 'grid/meters/plant.gw-8.meter-1/readings')
    assert.equal((JSON.parse(String(row!.payload)) as { va_v: number }).va_v, -1)
  })

  it('counts what became nothing: what nobody mapped, and what no reading has', async () => {
    await start()
    const gateway = await edgeNode('gw-9')
    await gateway.birth()
    await gateway.deviceBirth('pump', [
      { name: 'speed', alias: 1, type: 'Double', value: 3 },
      { name: 'curve', type: 'Bytes', value: new Uint8Array([1]) },
    ])
    await gateway.deviceData('pump', [{ alias: 1, type: 'Double', value: 4 }])
    await waitUntil('the count', () => ignoredCounts().get('sparkplug_not_mapped') === 1)
    assert.equal(ignoredCounts().get('sparkplug_unsupported_metric'), 1)
    assert.match((await quarantined('not_mapped')).at(-1)!.detail, /^plant\/gw-9\/pump: neither a rule nor/)
    await flow!.stop()
    assert.equal(ignoredCounts().size, 0)
    flow = undefined
  })

  it('waits harmlessly where nobody speaks Sparkplug, and says that it goes', async () => {
    await start()
    await flow!.showed('in', 'sparkplug-in.status.online')
    assert.deepEqual(flow!.errors(), [])
    await flow!.stop()
    assert.equal((JSON.parse(states().at(-1)!.payload!) as { online: boolean }).online, false)
    flow = undefined
  })

  for (const [property, value, fault] of [
    ['hostId', 'a/b', 'hostId is "a/b": it takes a name without /, + and #'],
    ['hostId', '', 'hostId is "": it takes a name without /, + and #'],
    ['group', '#', 'group is "#": it takes a name without /, + and #'],
    ['reorderSeconds', 'soon', 'reorderSeconds is "soon": it takes a number from 0 to 300'],
    ['rebirthSeconds', 0, 'rebirthSeconds is 0: it takes a number from 1 to 3600'],
    ['deadlineSeconds', '', 'deadlineSeconds is "": it takes a number from 1 to 86400'],
    ['mappings', [{ kind: 'boiler' }], 'mapping 1: kind is "boiler": it takes der, panel, meter, switch'],
  ] as const)
    it(`does not run with ${property} ${JSON.stringify(value)}`, async () => {
      flow = await startTelemetry(test.login, nodes({ [property]: value }))
      assert.equal((await flow.showed('in', fault)).fill, 'red')
    })

  it('runs with a configuration that has none of its newer properties', async () => {
    const old: FlowNode = {
      id: 'in',
      type: 'linhaviva-sparkplug-in',
      broker: 'broker',
      database: 'db',
      wires: [[], []],
    }
    flow = await startTelemetry(test.login, [nodes()[0]!, old])
    await flow.showed('in', 'sparkplug-in.status.online')
  })
})
