import assert from 'node:assert/strict'
import { connect } from 'mqtt'
import { runConformance } from '../nodes/commands/conformance/run-conformance.ts'
import { readConformanceFlags, type ConformanceFlags } from '../nodes/commands/conformance/conformance-flags.ts'
import { findCapabilities } from '../nodes/commands/devices/capability-repository.ts'
import { readEnvironment } from '../platform/runtime/environment.ts'
import { useDatabase } from '../platform/storage/test-database.ts'
import { TestBroker, until } from '../simulator/broker.fixture.ts'
import { readFlags, type FieldFlags } from '../simulator/flags.ts'
import { runField, type RunningField } from '../simulator/run-field.ts'
import { fieldSettings } from '../simulator/settings.ts'

describe('the conformance check, of simulated devices', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const broker = new TestBroker()
  let field: RunningField
  let lines: string[]

  before(async () => {
    await broker.start()
    await test.database.query(
      `insert into device (device_id, kind, status) values ('sw-001', 'switch', 'active'), ('bat-001', 'der', 'active')`,
    )
  })
  after(() => broker.stop())
  beforeEach(() => (lines = []))
  afterEach(() => field.stop())

  async function runs(...args: string[]): Promise<void> {
    const all = ['--interval', '0.1', '--meters', '0', '--evs', '0', '--panels', '0', '--url', broker.url, ...args]
    const said: string[] = []
    const say = (line: string) => void said.push(line)
    const settings = fieldSettings(readFlags(all, {}) as FieldFlags, undefined, Date.now())
    field = runField(settings, { url: broker.url }, { say, warn: say })
    const isThere = () => Date.now() > settings.start + 200 && said.some((line) => line.includes('devices connected'))
    await until('the field', isThere, 10_000)
  }
  const check = (...args: string[]) =>
    runConformance(readConformanceFlags(args) as ConformanceFlags, {
      environment: readEnvironment({
        MQTT_URL: broker.url,
        COMMAND_SIGNING_SECRET: 'a secret of this test, long enough',
      }),
      database: args.includes('--control-number') ? undefined : test.database,
      say: (line) => lines.push(line),
      ask: () => undefined,
    })
  /** What the broker keeps on a topic. */
  async function retained(topic: string): Promise<string> {
    const client = connect(broker.url)
    let kept = ''
    client.on('message', (_topic, payload) => (kept = payload.toString()))
    await client.subscribeAsync(topic)
    await until(topic, () => kept !== '')
    await client.endAsync()
    return kept
  }
  const wrong = () => lines.filter((line) => line.startsWith('WRONG')).map((line) => line.split(/\s+/)[1])

  it('finds nothing wrong with a switch that opens and closes, and records what it can do as proven', async () => {
    await runs()
    const isWell = await check('--device', 'sw-001', '--command', 'open,close', '--record')
    assert.ok(isWell, lines.join('\n'))
    assert.deepEqual(lines.slice(-2), ['sw-001 can: ledger, expiry, select, clock', 'recorded'])
    assert.match(await retained('grid/switches/sw-001/state'), /"position":"closed"/, 'it stands as before')
    const recorded = (await findCapabilities(test.database, 'sw-001'))!
    assert.deepEqual([recorded.isProven, recorded.recordedBy], [true, 'conformance'])
    assert.deepEqual(recorded.capabilities, { ledger: true, expiry: true, select: true, clock: true, signature: false })
    // the platform goes on above the numbers that were used up
    const [row] = await test.database.query<{ counter: number }>(
      `select counter::integer from command_counter where device_id = 'sw-001'`,
    )
    assert.ok(row!.counter > 10)
  })

  it('finds nothing wrong with a battery, whose setpoint it gives back', async () => {
    await runs()
    const isWell = await check('--device', 'bat-001', '--control-number', '1', '--setpoint', '1.5', '--within', '1')
    assert.ok(isWell, lines.join('\n'))
    assert.ok(lines.some((line) => line.includes('follows 1.5 kW')))
  })

  it('shows where the contact of a meter stands, which goes as it is told', async () => {
    await runs('--meters', '1')
    const isWell = await check('--device', 'meter-001', '--control-number', '1', '--command', 'disconnect,connect')
    assert.ok(isWell, lines.join('\n'))
    assert.ok(lines.some((line) => /^ok +contact +told to disconnect, it says that it is open$/.test(line)))
  })

  it('finds a device that says it had a ledger and forgets', async () => {
    await runs('--fault', 'forget=100%')
    assert.equal(await check('--device', 'bat-001', '--control-number', '1'), false)
    assert.ok(wrong().includes('ledger'), lines.join('\n'))
    assert.ok(!lines.at(-1)!.includes('ledger'))
  })

  it('finds a clock that is an hour ahead: nothing is in time for it', async () => {
    await runs('--fault', 'clock_ahead=100%')
    assert.equal(await check('--device', 'bat-001', '--control-number', '1', '--within', '0.5'), false)
    assert.deepEqual(wrong(), ['command', 'clock'])
  })

  it('does not begin with a device that nobody has registered, or that is told something by the platform', async () => {
    await runs()
    await assert.rejects(check('--device', 'sw-002'), /^Error: sw-002 is not registered: give --control-number/)
    await test.database.query(
      `insert into command (command_id, device_id, type, args, body_hash, plan, capabilities, requested_by, state, requested_at,
         expires_at, state_since, in_flight, changed)
       values (gen_random_uuid(), 'bat-001', 'read_now', '{}', '', '{}', '{}', 'operator', 'unknown', to_timestamp(0), to_timestamp(0),
         to_timestamp(0), true, 1)`,
    )
    await assert.rejects(check('--device', 'bat-001'), /^Error: bat-001 has a command under way/)
  })
})
