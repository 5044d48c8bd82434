import assert from 'node:assert/strict'
import { connectAsync, type MqttClient } from 'mqtt'
import { useApi } from '../http/api.fixture.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { GuardedBroker } from './guarded-broker.fixture.ts'
import { simulationRoutes } from './routes.ts'
import { SimulatorClient } from './simulator-client.ts'
import { startSimulator, type SimulatorProcess } from './simulator-process.fixture.ts'

interface Heard {
  readonly topic: string
  readonly payload: string
}

describe('/api/simulation', function () {
  this.timeout(60_000)
  const broker = new GuardedBroker()
  let client: SimulatorClient
  let simulator: SimulatorProcess
  let observer: MqttClient
  let heard: Heard[] = []

  before(async () => {
    await broker.start()
    observer = await connectAsync(broker.urlFor('linhaviva'), { protocolVersion: 4 })
    observer.on('message', (topic, payload) => heard.push({ topic, payload: payload.toString() }))
    await observer.subscribeAsync(['der/#', 'sensors/#', 'grid/#'], { qos: 1 })
  })
  const api = useApi({
    routes: [
      () => {
        client = new SimulatorClient({
          url: broker.urlFor('linhaviva'),
          options: {},
          report: (line) => assert.fail(line),
        })
        return simulationRoutes(client)
      },
    ],
  })
  after(async () => {
    await client.close()
    await observer.endAsync(true)
    await broker.stop()
    assert.deepEqual(broker.refused, [])
  })

  const admin = () => api.as('admin')
  /** What is heard from now on. */
  const fromNow = () => (heard = [])
  const readingsOf = (id: string): Record<string, number>[] =>
    heard.flatMap(({ topic, payload }) => (topic === `der/telemetry/${id}` ? [JSON.parse(payload)] : []))
  const orders = [
    ['POST', '/api/simulation/start'],
    ['POST', '/api/simulation/stop'],
    ['POST', '/api/simulation/clouds', { coverPct: 50 }],
    ['DELETE', '/api/simulation/clouds'],
    ['POST', '/api/simulation/soc', { soc: 0.5 }],
    ['POST', '/api/simulation/faults', { kind: 'silent' }],
    ['DELETE', '/api/simulation/faults'],
  ] as const

  it('without a simulator: 404, whatever is asked for', async () => {
    for (const [method, path, body] of [['GET', '/api/simulation'] as const, ...orders]) {
      const reply = await admin().send(method, path, body)
      assert.deepEqual([reply.status, reply.body.detail], [404, 'no simulator is connected'], path)
      assert.match(reply.headers.get('content-type')!, /^application\/problem\+json/)
    }
  })

  describe('with a simulator', () => {
    before(async () => {
      simulator = startSimulator(broker.urlFor('field'), '--interval', '0.2', '--meters', '4')
      await waitUntil('the simulator', async () => (await admin().get('/api/simulation')).status === 200)
      await waitUntil('its readings', () => readingsOf('pv-001').length > 0)
    })
    after(() => simulator.end('SIGTERM'))

    it('is for administrators only', async () => {
      for (const [method, path, body] of [['GET', '/api/simulation'] as const, ...orders]) {
        assert.equal((await api.as().send(method, path, body)).status, 401, path)
        for (const role of ['viewer', 'operator', 'engineer'] as const)
          assert.equal((await api.as(role).send(method, path, body)).status, 403, `${path} as ${role}`)
      }
      const { body } = await admin().get('/api/simulation')
      assert.deepEqual([body.running, body.clouds, body.faults], [true, null, []])
    })

    it('says what there is', async () => {
      const { body, status } = await admin().get('/api/simulation')
      assert.equal(status, 200)
      assert.deepEqual(
        [body.scenario, body.speed, body.devices],
        [null, 1, { pv: 1, battery: 1, ev: 4, panel: 10, meter: 4, switch: 2 }],
      )
    })

    it('stops all reporting, and starts it again', async () => {
      const stopped = await admin().post('/api/simulation/stop')
      assert.deepEqual([stopped.status, stopped.body.running], [200, false])
      const offline = () =>
        heard.filter(({ topic, payload }) => topic.startsWith('grid/status/') && payload.includes('"offline"')).length
      await waitUntil('all to be offline', () => offline() === 22)
      fromNow()
      // its time goes on, and five steps are over when it does
      const { body } = await admin().get('/api/simulation')
      await waitUntil('a second', async () => {
        const now = await admin().get('/api/simulation')
        return Date.parse(now.body.at) - Date.parse(body.at) >= 1_000
      })
      assert.deepEqual(heard, [])
      assert.equal((await admin().post('/api/simulation/start')).body.running, true)
      await waitUntil('readings', () => readingsOf('ev-001').length > 0)
    })

    it('covers the sky, and leaves it to the weather again', async () => {
      const { body } = await admin().post('/api/simulation/clouds', { coverPct: 93, forMinutes: 60 })
      assert.equal(body.clouds.coverPct, 93)
      await waitUntil('the clouds', () => readingsOf('pv-001').at(-1)?.['cloud_cover_pct'] === 93)
      await waitUntil('the state', async () => (await admin().get('/api/simulation')).body.cloudCoverPct === 93)
      assert.equal((await admin().delete('/api/simulation/clouds')).body.clouds, null)
      await waitUntil('the weather', () => readingsOf('pv-001').at(-1)?.['cloud_cover_pct'] !== 93)
    })

    it('sets the charge of a battery', async () => {
      for (const [body, soc] of [
        [{ deviceId: 'bat-001', soc: 0.8 }, 0.8],
        [{ soc: 0.2 }, 0.2],
      ] as const) {
        assert.equal((await admin().post('/api/simulation/soc', body)).status, 200)
        await waitUntil('the charge', () => Math.abs(readingsOf('bat-001').at(-1)!['soc']! - soc) < 0.01)
      }
    })

    it('injects a fault, counts it down, and clears it', async () => {
      const fault = { kind: 'out_of_range', deviceId: 'ev-002', count: 3 }
      const { body, status } = await admin().post('/api/simulation/faults', fault)
      assert.deepEqual([status, body.faults.length, body.faults[0].remaining], [200, 1, 3])
      const strange = () => readingsOf('ev-002').filter(({ p_actual_kw }) => p_actual_kw === 1_000_000).length
      await waitUntil('the faults', () => strange() === 3)
      await waitUntil('their end', async () => (await admin().get('/api/simulation')).body.faults.length === 0)
      await admin().post('/api/simulation/faults', { kind: 'silent', percent: 100 })
      assert.deepEqual((await admin().delete('/api/simulation/faults')).body.faults, [])
      fromNow()
      await waitUntil('readings', () => readingsOf('ev-002').length > 1)
      assert.equal(strange(), 0)
    })

    for (const [path, body, detail] of [
      [
        'soc',
        { soc: 0.5, deviceId: 'ev-001' },
        'body.deviceId is "ev-001": it must name a battery of the simulator: bat-001',
      ],
      [
        'faults',
        { kind: 'late', deviceId: 'nobody' },
        'body.deviceId is "nobody": it must name a device of the simulator',
      ],
      [
        'faults',
        { kind: 'silent', holdMinutes: 5 },
        'body.holdMinutes is 5: it must be left out: silent readings are not held back, late ones are',
      ],
    ] as const) {
      it(`400: ${detail}`, async () => {
        const reply = await admin().post(`/api/simulation/${path}`, body)
        assert.deepEqual([reply.status, reply.body.detail, reply.body.errors.length], [400, detail, 1])
        const [{ field, value }] = reply.body.errors
        assert.deepEqual([field, value], [field, (body as Record<string, unknown>)[field.slice('body.'.length)]])
      })
    }

    for (const [path, body, field] of [
      ['clouds', {}, 'body.coverPct'],
      ['clouds', { coverPct: 101 }, 'body.coverPct'],
      ['clouds', { coverPct: 'much' }, 'body.coverPct'],
      ['clouds', { coverPct: 1, forMinutes: 0 }, 'body.forMinutes'],
      ['soc', { soc: -0.1 }, 'body.soc'],
      ['soc', { soc: 0.5, deviceId: 'a/b' }, 'body.deviceId'],
      ['faults', { kind: 'gremlin' }, 'body.kind'],
      ['faults', { kind: 'late', percent: 0 }, 'body.percent'],
      ['faults', { kind: 'late', count: 1.5 }, 'body.count'],
    ] as const) {
      it(`400 for ${path} ${JSON.stringify(body)}`, async () => {
        const reply = await admin().post(`/api/simulation/${path}`, body)
        assert.equal(reply.status, 400)
        assert.deepEqual(
          reply.body.errors.map((fault: { field: string }) => fault.field),
          [field],
        )
      })
    }
  })

  it('404 again when the simulator has ended', async () => {
    await waitUntil('its end', async () => (await admin().get('/api/simulation')).status === 404)
  })
})
