import assert from 'node:assert/strict'
import { afterEach, before } from 'mocha'
import { Client } from 'pg'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { TelemetryConditions } from './messages.ts'
import telemetryWatch from './telemetry-watch.ts'

describe('telemetry watch', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  const run = async (settings: object = {}): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, telemetryWatch],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'watch', type: 'linhaviva-telemetry-watch', database: 'db', ...settings, wires: [['conditions']] },
        { id: 'conditions', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const batches = () => flow.received('conditions') as unknown as TelemetryConditions[]

  before(async () => {
    await test.database.query(
      `insert into device (device_id, kind, status) select 'm-' || n, 'meter', 'active' from generate_series(1, 501) n`,
    )
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at) select device_key, false, to_timestamp(1000), to_timestamp(1000) from device`,
    )
  })
  afterEach(() => flow.stop())

  it('sends what is amiss, some at a time, and shows how much stands', async () => {
    await run()
    await waitUntil('all of them', () => batches().length === 2)
    assert.deepEqual(
      batches().map(({ topic, payload }) => [topic, payload.length]),
      [
        ['telemetry/conditions', 500],
        ['telemetry/conditions', 1],
      ],
    )
    const { kind, state, at, text } = batches()[0]!.payload[0]!
    assert.deepEqual(
      [kind, state, at, text.message],
      ['device-offline', 'active', 1_000_000, 'telemetry.device-offline'],
    )
    await flow.showed('watch', 'telemetry-watch.status.standing')
    await flow.stop()
    assert.deepEqual(flow.errors(), [])
  })

  it('tells Catch what it could not look at, and looks at the rest all the same', async () => {
    const owner = new Client(test.owner)
    await owner.connect()
    try {
      await owner.query('alter table feeder rename column limit_kw to most_kw')
      await run()
      await waitUntil('the rest', () => batches().length === 2)
      await waitUntil('the error', () => flow.errors().length > 0)
      assert.match(String(flow.errors()[0]), /limit_kw/)
    } finally {
      await owner.query('alter table feeder rename column most_kw to limit_kw')
      await owner.end()
    }
  })

  for (const [setting, value, takes] of [
    ['silentFactor', 0, '1 to 100'],
    ['silentAfterMinutes', '', '1 to 1440'],
    ['stuckHours', 'long', '2 to 168'],
    ['floodMessages', -1, '1 to 1000000'],
    ['behindMinutes', 0, '1 to 1440'],
    ['overloadDeadbandPct', 100, '0 to 90'],
    ['overloadHoldSeconds', -1, '0 to 3600'],
  ] as const)
    it(`refuses ${setting} ${JSON.stringify(value)}`, async () => {
      await run({ [setting]: value })
      await flow.showed('watch', `${setting} is ${JSON.stringify(value)}: it takes a number from ${takes}`)
    })
})
