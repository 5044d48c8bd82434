import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { consumerStates } from '../../platform/http/health.ts'
import { startFlow, type FlowNode, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { WindowMessage } from './messages.ts'
import voltageQuality from './voltage-quality.ts'
import { begin, KeptField, minuteMs } from './window-keeper.fixture.ts'

describe('windows of voltage quality', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let field: KeptField
  let flow: TestFlow | undefined

  before(() => {
    // By the wall's clock nothing of what is stored here would be due.
    process.env['CLOCK'] = 'simulated'
    field = new KeptField(test.database)
  })
  afterEach(async () => {
    await flow?.stop()
    flow = undefined
    platformClock.set(undefined)
    await field.clear()
    await test.database.query('delete from consumer_cursor')
  })
  after(() => void delete process.env['CLOCK'])

  const start = async (config: object = {}): Promise<TestFlow> => {
    const { host, port, database, user, password } = test.login
    const nodes: FlowNode[] = [
      { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
      {
        id: 'quality',
        type: 'linhaviva-voltage-quality',
        database: 'db',
        wires: [['windows'], ['conditions']],
        ...config,
      },
      { id: 'windows', type: 'helper', wires: [] },
      { id: 'conditions', type: 'helper', wires: [] },
    ]
    flow = await startFlow([postgresql, voltageQuality], nodes, { db: { password: String(password) } })
    return flow
  }
  const sent = () => flow!.received('windows').flatMap(({ payload }) => payload as WindowMessage[])
  const setClock = (at: number) => platformClock.set({ at, rate: 0 })
  const tenMinutes = (meter: string, from: number, volts: number) =>
    field.store([{ meter, at: from + 10 * minuteMs, volts: [volts, null, null], intervalS: 600 }])

  it('sends the windows of units as they are closed, and again as they are corrected', async () => {
    await field.unit('u-1')
    await field.database.query(`insert into feeder values ('f-1')`)
    await field.database.query(`update consumer_unit set feeder_id = 'f-1'`)
    setClock(begin)
    await start({ settleSeconds: 60 })
    await tenMinutes('u-1', begin, 200)
    setClock(begin + 11 * minuteMs)
    const [window] = await waitUntil('the window', () => sent().length > 0 && sent())
    assert.deepEqual(window, {
      ...{ deviceId: 'u-1', unitId: 'u-1', feederId: 'f-1', start: begin, volts: [200, null, null], coverage: 1 },
      bands: ['precarious', null, null],
    })
    assert.deepEqual(
      flow!.received('windows').map(({ topic }) => topic),
      ['voltage/windows'],
    )
    await field.store([{ meter: 'u-1', at: begin + 5 * minuteMs, volts: [180, null, null], intervalS: 300 }])
    const corrected = await waitUntil('the correction', () => sent()[1])
    assert.equal(corrected.volts[0], Math.sqrt((180 ** 2 + 200 ** 2) / 2))
    await flow!.showed('quality', 'voltage-quality.status.closed')
    assert.deepEqual(flow!.errors(), [])
    assert.deepEqual(
      consumerStates()
        .map(([name]) => name)
        .filter((name) => name.startsWith('voltage-'))
        .toSorted(),
      ['voltage-quality quality', 'voltage-windows'],
    )
  })

  it('goes on where it stopped: what was closed while it was away is sent, and nothing twice after it was taken', async () => {
    await field.unit('u-1')
    setClock(begin)
    await start()
    await tenMinutes('u-1', begin, 220)
    setClock(begin + 15 * minuteMs)
    await waitUntil('the first window', () => sent().length === 1)
    await waitUntil('the place to be kept', async () => {
      const rows = await field.database.query(
        `select from consumer_cursor where log = 'voltage_window' and position > 0`,
      )
      return rows.length > 0
    })
    await flow!.stop()
    await tenMinutes('u-1', begin + 10 * minuteMs, 221)
    await start()
    setClock(begin + 25 * minuteMs)
    await waitUntil('the second window', () => sent().length > 0)
    assert.deepEqual(
      sent().map((window) => window.start),
      [begin + 10 * minuteMs],
    )
  })

  it('tells Catch of meters that it cannot judge, by name and once, and counts them in its status', async () => {
    await field.unit('u-100', { nominalV: 100 })
    await field.meter('bare')
    setClock(begin)
    await start({ settleSeconds: '0' })
    for (const window of [0, 1]) {
      await tenMinutes('u-100', begin + window * 10 * minuteMs, 99)
      await tenMinutes('bare', begin + window * 10 * minuteMs, 99)
      setClock(begin + (window + 1) * 10 * minuteMs)
      await waitUntil('the window', () => sent().length > window)
    }
    assert.deepEqual(flow!.errors(), [
      'voltage of u-100 cannot be judged: no bands are known for 100 V',
      'voltage of bare cannot be judged: no nominal voltage is known, neither its own nor that of a unit',
    ])
    await flow!.showed('quality', 'voltage-quality.status.closed · voltage-quality.status.unjudged')
  })

  it('goes by its own least coverage, where it has one', async () => {
    await field.unit('u-1')
    setClock(begin)
    await start({ leastCoverage: '0.5' })
    await field.store([{ meter: 'u-1', at: begin + 5 * minuteMs, volts: [220, null, null], intervalS: 300 }])
    setClock(begin + 15 * minuteMs)
    const [window] = await waitUntil('the window', () => sent().length > 0 && sent())
    assert.deepEqual([window!.coverage, window!.invalid], [0.5, undefined])
  })

  it('says which setting is wrong, with its value', async () => {
    await start({ settleSeconds: -1 })
    await flow!.showed('quality', 'settleSeconds is -1: it takes a number from 0 to 3600')
    await flow!.stop()
    await start({ leastCoverage: 90 })
    await flow!.showed('quality', 'leastCoverage is 90: it takes a number from 0.1 to 1')
    await flow!.stop()
    await start({ database: 'gone' })
    await flow!.showed('quality', 'database is "gone", which is not in the flows')
  })
})
