import assert from 'node:assert/strict'
import { connect, type MqttClient } from 'mqtt'
import type { CommandAck, CommandMessage } from '../platform/wire/command.ts'
import { readClock } from '../platform/wire/clock.ts'
import { TestBroker, until } from './broker.fixture.ts'
import { Faults } from './faults.ts'
import { readFlags, type FieldFlags } from './flags.ts'
import { runField, type RunningField } from './run-field.ts'
import type { Scenario } from './scenario.ts'
import { fieldSettings } from './settings.ts'
import { Simulation } from './simulation.ts'

interface Heard {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

describe('a run of the field', function () {
  this.timeout(30_000)
  const broker = new TestBroker()
  let observer: MqttClient
  let heard: Heard[]
  let lines: string[]
  let running: RunningField | undefined

  beforeEach(async () => {
    heard = []
    lines = []
    await broker.start()
    observer = connect(broker.url, { protocolVersion: 4 })
    observer.on('message', (topic, payload, { retain }) => heard.push({ topic, payload: payload.toString(), retain }))
    await observer.subscribeAsync('#', { qos: 1 })
  })
  afterEach(async () => {
    await running?.stop()
    await observer.endAsync(true)
    await broker.stop()
  })

  function run(args: string[], scenario?: Partial<Scenario>) {
    const flags = readFlags([...args, '--url', broker.url], {}) as FieldFlags
    const settings = fieldSettings(flags, scenario && { description: 'x', ...scenario }, Date.now())
    const say = (line: string) => void lines.push(line)
    running = runField(settings, { url: broker.url }, { say, warn: say })
    return { settings, over: running.over }
  }
  const clocks = () => heard.filter(({ topic }) => topic === 'sim/clock').map(({ payload }) => readClock(payload))
  const readings = () => heard.filter(({ topic }) => !/^(sim|grid\/status)\//.test(topic))

  it('in simulated time tells the clock before anything else, then every second, and lets it stand at its end', async () => {
    const start = Date.UTC(2026, 0, 15, 20)
    const { over } = run([
      '--start',
      '2026-01-15T17:00:00-03:00',
      '--speed',
      '600',
      '--interval',
      '10',
      '--duration',
      '1500',
    ])
    await over
    await running!.stop()
    await until('the end', () => clocks().at(-1)?.rate === 0)
    assert.equal(heard.find(({ topic }) => topic !== 'sim/state')?.topic, 'sim/clock')
    const said = clocks()
    assert.ok(said.length >= 4 && said.slice(0, -1).every(({ rate }) => rate === 600))
    assert.ok(said.every(({ at }, index) => at >= (said[index - 1]?.at ?? start)))
    assert.ok(said.at(-1)!.at >= start + 1_500_000)
    assert.match(lines[0]!, /2026-01-15T20:00:00.000Z .* 600 times .* CLOCK=simulated/)
  })

  it('readings of simulated time come after the clock that covers them, and none is left out', async () => {
    const { over, settings } = run([
      '--start',
      '12:00',
      '--speed',
      '600',
      '--interval',
      '10',
      '--duration',
      '600',
      '--meters',
      '0',
    ])
    await over
    await until('all readings', () => readings().length >= 60 * 16)
    let clock = { at: 0, since: 0 }
    const instants = new Map<string, number[]>()
    for (const { topic, payload } of heard) {
      if (topic === 'sim/clock') clock = { ...clock, at: readClock(payload).at }
      if (!topic.startsWith('der/')) continue
      const at = Date.parse((JSON.parse(payload) as { timestamp: string }).timestamp)
      // whoever hears both late, or at once, has heard of a time that the reading is not ahead of
      assert.ok(at >= clock.at - 600_000 && at <= clock.at + 60_000, `${at - clock.at} ms after the clock`)
      instants.set(topic, [...(instants.get(topic) ?? []), at])
    }
    const expected = Array.from({ length: 60 }, (_, step) => settings.start + step * 10_000)
    for (const [topic, of] of instants) assert.deepEqual(of, expected, topic)
    assert.equal(instants.size, 6)
  })

  it('at the pace of the wall tells no clock', async () => {
    run(['--interval', '0.1', '--meters', '0'])
    await until('readings', () => readings().length > 100)
    assert.deepEqual(clocks(), [])
  })

  it('a switch that is told to open does so once, says so, and answers again what became of it', async () => {
    run(['--interval', '0.1', '--meters', '0', '--evs', '0', '--panels', '0'])
    const state = () => heard.findLast(({ topic }) => topic === 'grid/switches/sw-001/state')?.payload ?? '{}'
    const answers = () =>
      heard.filter(({ topic }) => topic === 'grid/acks/sw-001').map(({ payload }) => JSON.parse(payload) as CommandAck)
    await until('the switch', () => state().includes('"closed"'))
    const open: CommandMessage = {
      ...{ command_id: '6f1c2a5e-9d3b-4c47-8a10-2b7e5f0d9c31', control_number: 1, phase: 'operate', type: 'open' },
      ...{ args: {}, expires_at: Date.now() + 60_000 },
    }
    const tell = (message: CommandMessage) =>
      observer.publishAsync('grid/commands/sw-001', JSON.stringify(message), { qos: 1 })
    await tell(open)
    await until('its answers', () => answers().length === 2)
    assert.deepEqual(
      answers().map(({ status }) => status),
      ['accepted', 'executed'],
    )
    // what shows the effect comes before the word for it
    assert.ok(state().includes('"open"'))
    await tell(open)
    await until('the answer again', () => answers().length === 3)
    assert.equal(answers()[2]?.status, 'executed')
    await tell({ ...open, command_id: '6f1c2a5e-9d3b-4c47-8a10-2b7e5f0d9c32', phase: 'query' })
    await until('what it does not know', () => answers().length === 4)
    assert.equal(answers()[3]?.status, 'not_done')
    const opened = heard.filter(({ payload }) => payload.includes('switch_opened'))
    assert.equal(opened.length, 1)
  })

  it('what a scenario and its faults send is known beforehand, byte for byte, and counted at the end', async () => {
    const scenario: Partial<Scenario> = {
      weather: 'clear',
      events: [
        { kind: 'interruption', at_minute: 2, for_minutes: 3, feeder: 'feeder-01' },
        { kind: 'faults', at_minute: 1, for_minutes: 8, percent: { malformed: 5, duplicate: 5, late: 5, silent: 10 } },
      ],
    }
    const { over, settings } = run(
      ['--start', '12:00', '--speed', '300', '--interval', '5', '--duration', '600'],
      scenario,
    )
    await over
    await running!.stop()
    const simulation = new Simulation(settings.field, 1, settings.start, 5_000, settings.script)
    const faults = new Faults(1, settings.faults)
    const expected = Array.from({ length: 120 }, (_, step) => settings.start + step * 5_000).flatMap((at) =>
      faults.apply(simulation.step(at), at).map(({ topic, payload }) => `${topic} ${payload}`),
    )
    const own = () =>
      heard.filter(({ payload }) => !payload.includes('simulator-1') && !payload.includes('sim-gateway'))
    const got = () =>
      own()
        .filter(({ topic }) => !topic.startsWith('sim/'))
        .map(({ topic, payload }) => `${topic} ${payload}`)
    await until('all', () => got().length >= expected.length)
    assert.deepEqual(got(), expected)
    const counts = faults.counts
    const counted = ['malformed', 'duplicate', 'late', 'silent'].map((name) => `${name} ${counts[name as 'late']}`)
    const last = lines.at(-1)!
    for (const words of counted) assert.ok(last.includes(words), `${words}: ${last}`)
  })
})
