import assert from 'node:assert/strict'
import { connect, type MqttClient } from 'mqtt'
import { readClock } from '../../platform/wire/clock.ts'
import { TestBroker, until } from '../broker.fixture.ts'
import { readFlags, type TownFlags } from '../flags.ts'
import { runTown, type RunningTown } from './run-town.ts'
import { townSettings } from './town-settings.ts'

describe('a run of the town', function () {
  this.timeout(30_000)
  const broker = new TestBroker()
  let observer: MqttClient
  let heard: { topic: string; payload: string }[]
  let lines: string[]
  let running: RunningTown | undefined

  beforeEach(async () => {
    heard = []
    lines = []
    await broker.start()
    observer = connect(broker.url, { protocolVersion: 4 })
    observer.on('message', (topic, payload) => heard.push({ topic, payload: payload.toString() }))
    await observer.subscribeAsync('#', { qos: 1 })
  })
  afterEach(async () => {
    await running?.stop()
    await observer.endAsync(true)
    await broker.stop()
  })

  const refusals: [string, string][] = []
  function run(...args: string[]) {
    const flags = readFlags(['--town', '--evs', '10', ...args, '--url', broker.url], {}) as TownFlags
    const say = (line: string) => void lines.push(line)
    const settings = townSettings(flags, Date.now())
    const onRefused = (deviceId: string, reason: string) => void refusals.push([deviceId, reason])
    running = runTown(settings, { url: broker.url }, { say, warn: say, onRefused })
    return running
  }
  const tell = (id: string, control: object | '') =>
    observer.publishAsync(`der/control/${id}`, control === '' ? '' : JSON.stringify(control), { qos: 1, retain: true })

  it('in simulated time tells the clock before the first reading, says each hour how it stands, and ends by itself', async () => {
    await run('--start', '2026-11-23T17:30:00-03:00', '--speed', '3600', '--duration', '7200').over
    await running!.stop()
    const first = heard.findIndex(({ topic }) => topic.startsWith('grid/meters/'))
    const clock = heard.findIndex(({ topic }) => topic === 'sim/clock')
    assert.ok(clock >= 0 && clock < first)
    assert.equal(readClock(heard.findLast(({ topic }) => topic === 'sim/clock')!.payload).rate, 0)
    assert.ok(
      lines.some((line) => /^2026-11-23T21:00 town-00 \d+\.\d kW of 20 \(/.test(line)),
      lines.join('\n'),
    )
    // Every ten seconds for two hours.
    const readings = heard.filter(({ topic }) => topic === 'grid/meters/town-00-head/readings')
    assert.equal(readings.length, 720)
  })

  it('follows setpoints, and of a controller that has lost its lease none', async () => {
    const { town } = run('--start', '19:00', '--speed', '60')
    await until('readings', () => heard.some(({ topic }) => topic.startsWith('der/telemetry/')))
    await tell('town-bat-001', { p_setpoint_kw: -2, fencing_token: 7 })
    await until('the setpoint', () => town.setpointKw('town-bat-001') === -2)
    await tell('town-bat-001', { p_setpoint_kw: 5, fencing_token: 6 })
    await tell('town-bat-001', { p_setpoint_kw: 'much' })
    await until('both refused', () => refusals.length === 2)
    assert.deepEqual(refusals[0], ['town-bat-001', 'fencing_token 6 is lower than 7, which it has seen'])
    assert.equal(town.setpointKw('town-bat-001'), -2)
    await tell('town-bat-001', '')
    await until('its release', () => town.setpointKw('town-bat-001') === undefined)
  })

  it('takes no commands, and says so', async () => {
    run()
    await until('it is connected', () => lines.some((line) => /devices connected/.test(line)))
    await observer.publishAsync('grid/commands/town-ev-001', '{}', { qos: 1 })
    await until('a line', () => lines.includes('town-ev-001 takes setpoints, and no commands: ignored'))
  })
})
