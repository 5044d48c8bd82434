import assert from 'node:assert/strict'
import { isDeepStrictEqual as isEqual } from 'node:util'
import { after, afterEach, before, describe, it } from 'mocha'
import type { LiveDevice, LiveFeeder } from '../platform/wire/live.ts'
import { startLoad, type RunningLoad } from './field-load.fixture.ts'
import { numberedDevices, steadyDevices } from './field-messages.fixture.ts'
import { startLiveClients, type KnownStates, type RunningLiveClients } from './live-clients.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { anyMoment, type RunningSystem, startSystem } from './running-system.fixture.ts'
import { assertEachOnce, storedReaches } from './stored-truth.fixture.ts'
import { Visitor } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

describe('the live stream of a whole system', function () {
  this.timeout(300_000)
  let system: RunningSystem
  let operator: Visitor
  const started: { stop(): Promise<void> }[] = []

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({ broker: 'mosquitto', env: { LIVE_MAX_CLIENTS_PER_USER: '200' } })
    operator = new Visitor(system.nodeRed.url, 'operator')
  })
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    for (const one of started.splice(0)) await one.stop()
  })
  after(() => system?.stop())

  const follow = async (
    followers: Parameters<typeof startLiveClients>[0]['followers'],
  ): Promise<RunningLiveClients> => {
    const url = `${system.nodeRed.url.replace('http', 'ws')}/api/live`
    const clients = startLiveClients({ url, token: await operator.token(), followers })
    started.push(clients)
    return clients
  }
  const load = (given: Omit<Parameters<typeof startLoad>[0], 'brokerUrl' | 'publishers'>): RunningLoad => {
    const running = startLoad({ brokerUrl: system.brokerUrl, publishers: 2, ...given })
    started.push(running)
    return running
  }
  const everybodyInformed = (clients: RunningLiveClients, count: number) =>
    waitUntil('all clients to know everything', async () => (await clients.report()).informed === count, {
      explain: async () => JSON.stringify(await clients.report()),
    })

  /** What the database says of each device, in the form of the stream. */
  async function storedDevices(prefix: string): Promise<Record<string, unknown>> {
    const rows = await system.database.query<{ id: string; device: object }>(
      `select device_id as id, jsonb_build_object('deviceId', device_id, 'kind', d.kind, 'type', coalesce(der_type, d.kind::text),
         'feederId', coalesce(d.feeder_id, s.feeder_id), 'priority', priority, 'ofUnit', false, 'quality', quality,
         'powerKw', power_kw, 'values', measures, 'at', round(extract(epoch from at) * 1000)) as device
       from device d join latest_reading l using (device_key) left join site s using (site_id)
       where device_id like $1 order by device_id collate "C"`,
      [`${prefix}%`],
    )
    return Object.fromEntries(rows.map(({ id, device }) => [id, device]))
  }
  /** What came in when, the database knows to the commit only. */
  const comparable = (state: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(state as Record<string, LiveDevice>).map(([key, { receivedAt: _received, at, ...device }]) => [
        key,
        { ...device, at: Date.parse(at!) },
      ]),
    )
  const the = (known: KnownStates): Record<string, unknown> => {
    assert.equal(known.length, 1, `${known.length} different states`)
    return known[0]!.state
  }

  it('fifty clients have the state of the server again after kills of the server, value by value', async () => {
    const count = 40_000
    const start = Date.now()
    const filter = { keys: Array.from({ length: 20 }, (_, n) => `numbered-${n * 3}`) }
    const clients = await follow([
      { count: 30, topics: { devices: { maxHz: 2 }, feeders: {} } },
      { count: 10, topics: { devices: { maxHz: 10, filter: { feederId: 'feeder-1' } } } },
      { count: 10, topics: { devices: { maxHz: 5, filter } } },
    ])
    await everybodyInformed(clients, 50)
    const running = load({ kind: 'numbered', count, perSecond: 1_000, start })
    for (const share of [0.15, 0.5]) {
      await waitUntil(`${share} of the load`, async () => running.published >= share * count)
      await anyMoment(500)
      const { connections } = await clients.report()
      await system.nodeRed.kill()
      say(`Node-RED killed under 50 clients, ${running.published} published`)
      await system.nodeRed.start()
      await waitUntil('all to be connected again', async () => {
        const report = await clients.report()
        return report.informed === 50 && report.connections >= connections + 50
      })
    }
    await running.done
    await storedReaches(system.database, count, 60_000)
    await assertEachOnce(system.database, count, start)

    const fresh = await follow([{ count: 1, topics: { devices: { maxHz: 10 }, feeders: {} } }])
    const shown = async () => comparable(the(await fresh.states(0, 'devices')))
    const expected = await waitUntil(
      'the latest readings',
      async () => {
        const devices = await storedDevices('numbered-')
        return Object.keys(devices).length === numberedDevices && isEqual(await shown(), devices) && devices
      },
      { explain: async () => firstDifference(await shown(), await storedDevices('numbered-')) },
    )
    assert.ok(Object.values(expected).every((device) => (device as { feederId: string }).feederId === 'feeder-1'))
    const atLast = async (what: string, followers: number, compare: (state: Record<string, unknown>) => boolean) =>
      waitUntil(what, async () => {
        const known = await clients.states(followers, 'devices')
        return known.length === 1 && compare(known[0]!.state)
      })
    const server = the(await fresh.states(0, 'devices'))
    await atLast('all devices', 0, (state) => isEqual(state, server))
    await atLast('the devices of the feeder', 1, (state) => isEqual(state, server))
    await atLast('the devices by name', 2, (state) =>
      isEqual(state, Object.fromEntries(Object.entries(server).filter(([key]) => filter.keys.includes(key)))),
    )
    const sum = Object.values(expected).reduce((kw: number, device) => kw + (device as LiveDevice).powerKw!, 0)
    const isSum = (feeder: LiveFeeder | undefined): boolean =>
      feeder?.deviceCount === numberedDevices && Math.abs(feeder.totalKw - sum) < 0.01
    // Summed up once a second, and sent once a second.
    await waitUntil('the feeders', async () => {
      const [known, ofServer] = [await clients.states(0, 'feeders'), the(await fresh.states(0, 'feeders'))]
      const { 'feeder-1': feeder, 'substation-1': substation } = ofServer as Record<string, LiveFeeder>
      return isSum(feeder) && isSum(substation) && known.length === 1 && isEqual(known[0]!.state, ofServer)
    })
    const { gaps, connections } = await clients.report()
    assert.equal(gaps, 0)
    say(`50 clients, ${connections} connections, ${numberedDevices} devices: all as on the server and in the database`)
  })

  it('a client that reads nothing is dropped, costs no memory to speak of, and harms nobody', async () => {
    const metric = async (name: string): Promise<number> => {
      const text = await (await operator.fetch('/metrics')).text()
      return Number(new RegExp(`^linhaviva_stream_${name} (\\S+)`, 'm').exec(text)?.[1])
    }
    const clients = await follow([
      { count: 30, topics: { devices: { maxHz: 2, filter: { feederId: 'feeder-1' } }, feeders: {} } },
      { count: 1, as: 'stalled', topics: { devices: { maxHz: 10 } } },
    ])
    await everybodyInformed(clients, 30)
    await waitUntil('31 clients', async () => (await metric('clients')) === 31)
    const stored = async () =>
      (await system.database.row<{ n: number }>('select count(*)::float8 as n from der_reading')).n
    const before = await stored()
    const count = 90_000
    const running = load({ kind: 'steady', count, perSecond: 2_000, start: Date.now() })
    let most = 0
    await waitUntil(
      'the stalled client to be dropped',
      async () => {
        most = Math.max(most, await metric('waiting_bytes'))
        return (await metric('dropped_total')) === 1
      },
      { withinMs: 120_000, everyMs: 200 },
    )
    say(`dropped with ${running.published} of ${count} readings published; at most ${most} bytes waited in the server`)
    assert.ok(most < 31 * 300_000, `${most} bytes waited`)
    assert.equal(await metric('clients'), 30)
    await running.done
    await storedReaches(system.database, before + count, 60_000)
    await waitUntil('all to know what is stored', async () => {
      const known = await clients.states(0, 'devices')
      if (known.length !== 1) return false
      const steady = Object.entries(known[0]!.state).filter(([key]) => key.startsWith('steady-'))
      return (
        isEqual(comparable(Object.fromEntries(steady)), await storedDevices('steady-')) &&
        steady.length === steadyDevices
      )
    })
    const report = await clients.report()
    assert.deepEqual([report.gaps, report.informed], [0, 30])
    say(`median delay ${report.delay.p50} ms (${report.delay.samples} samples, ${report.clients} clients)`)
  })
})

function firstDifference(shown: Record<string, unknown>, stored: Record<string, unknown>): string {
  const key = Object.keys({ ...shown, ...stored }).find((name) => !isEqual(shown[name], stored[name]))
  return key === undefined
    ? 'none'
    : `${key}: shown ${JSON.stringify(shown[key])}, stored ${JSON.stringify(stored[key])}`
}
