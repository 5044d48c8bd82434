import assert from 'node:assert/strict'
import { options, readFlags, type FieldFlags, type LoadFlags } from './flags.ts'
import { usage } from './usage.ts'
import { UsageError } from './usage-error.ts'

const fieldOfFlags = (args: string[], environment = {}) => {
  const flags = readFlags(args, environment)
  assert.equal(flags.run, 'field')
  return flags as FieldFlags
}
const loadOfFlags = (args: string[]) => {
  const flags = readFlags(args, {})
  assert.equal(flags.run, 'load')
  return flags as LoadFlags
}

describe('the flags', () => {
  it('leave to the scenario, or to the defaults, what they do not say', () => {
    assert.deepEqual(fieldOfFlags([]), {
      ...{ run: 'field', url: 'mqtt://127.0.0.1:1883', duration: undefined, scenario: undefined },
      ...{ panels: undefined, meters: undefined, evs: undefined, interval: undefined, seed: undefined },
      ...{ faults: {}, speed: 1, start: undefined, oneConnection: false, quiet: false, verbose: false },
      ...{ withoutLedger: undefined, commandKeys: undefined },
    })
  })

  it('say which devices keep no ledger, and where keys are', () => {
    assert.equal(fieldOfFlags(['--without-ledger', 'all']).withoutLedger, 'all')
    const flags = fieldOfFlags(['--without-ledger', 'sw-001,meter-001', '--command-keys', 'keys.json'])
    assert.deepEqual(flags.withoutLedger, new Set(['sw-001', 'meter-001']))
    assert.equal(flags.commandKeys, 'keys.json')
  })

  for (const shares of ['command_lost=60%,command_twice=60%', 'ack_lost=60%,ack_late=60%'])
    it(`refuse shares of more than all there is: ${shares}`, () =>
      assert.throws(() => fieldOfFlags(['--fault', shares]), /are more than 100 % together$/))

  it('of a load have defaults', () => {
    assert.deepEqual(loadOfFlags(['--rate', '1000']), {
      ...{ run: 'load', url: 'mqtt://127.0.0.1:1883', duration: undefined, quiet: false, rate: 1_000, batch: 1 },
      ...{ devices: 2_000, qos: 1, connections: 4, inFlight: 8_000, count: undefined },
    })
  })

  it('of the town have defaults, and take of the field’s what goes with it', () => {
    const usual = {
      ...{ run: 'town', url: 'mqtt://127.0.0.1:1883', duration: undefined, quiet: false, evs: undefined, seed: 1 },
      ...{ sessions: undefined, registry: undefined, weather: 'changing', interval: 10, speed: 1, start: undefined },
    }
    assert.deepEqual(readFlags(['--town'], {}), usual)
    const flags = readFlags(['--town', '--evs=40', '--speed=60', '--weather', 'cloudy', '--registry', 'town'], {})
    assert.deepEqual(flags, {
      ...{ ...usual, evs: 40, speed: 60, weather: 'cloudy', registry: 'town' },
    })
  })

  it('are read in both spellings', () => {
    const flags = fieldOfFlags(['--panels', '3', '--interval=0.5', '--seed', '-7', '--one-connection'], {
      MQTT_URL: 'ws://b:80',
    })
    assert.deepEqual([flags.panels, flags.interval, flags.seed, flags.oneConnection], [3, 0.5, -7, true])
    assert.equal(flags.url, 'ws://b:80')
    assert.equal(fieldOfFlags([], { MQTT_PORT: '1999' }).url, 'mqtt://127.0.0.1:1999')
    assert.equal(fieldOfFlags(['--url', 'mqtt://a'], { MQTT_URL: 'mqtt://b' }).url, 'mqtt://a')
  })

  it('give faults as shares', () => {
    assert.deepEqual(fieldOfFlags(['--fault', 'malformed=1%,late=0.5%']).faults, { malformed: 0.01, late: 0.005 })
  })

  for (const [args, ...words] of [
    [['--panles', '10'], '--panles'],
    [['-x'], '-x'],
    [['ten'], '"ten"'],
    [['--panels'], '--panels'],
    [['--panels', '--quiet'], '--panels', '"--quiet"'],
    [['--panels', 'ten'], '--panels', '"ten"'],
    [['--panels', '-1'], '--panels', '"-1"'],
    [['--panels', '1.5'], '--panels', '"1.5"'],
    [['--panels', ''], '--panels', '""'],
    [['--interval', '0'], '--interval', '"0"'],
    [['--interval', '1e3'], '--interval', '"1e3"'],
    [['--seed', 'abc'], '--seed', '"abc"'],
    [['--duration', '-5'], '--duration', '"-5"'],
    [['--url', 'localhost:1883'], '--url', '"localhost:1883"'],
    [['--url', 'http://localhost'], '--url', '"http://localhost"'],
    [['--quiet=yes'], '--quiet', '"yes"'],
    [['--fault', 'malformed'], '--fault', '"malformed"'],
    [['--fault', 'malformed=1'], '--fault', '"malformed=1"'],
    [['--fault', 'malformed=101%'], '--fault', '"malformed=101%"'],
    [['--fault', 'rust=1%'], '--fault', '"rust"'],
    [['--fault', 'late=60%,duplicate=60%'], '--fault', 'late=60%,duplicate=60%'],
    [['--speed', '0'], '--speed', '"0"'],
    [['--rate', '0'], '--rate', '"0"'],
    [['--rate', '1000', '--qos', '2'], '--qos', '"2"'],
    [['--rate', '1000', '--batch', '1001'], '--batch', '"1001"'],
    [['--rate', '5000', '--devices', '4'], '--devices', '"4"', '--rate 5000'],
    [['--rate', '1000', '--connections', '1', '--in-flight', '65001'], '--in-flight', '"65001"'],
    [['--rate', '1000', '--panels', '3'], '--panels 3', '--rate'],
    [['--batch', '100'], '--batch 100', '--rate'],
    [['--quiet', '--verbose'], '--quiet'],
    [['--town', '--panels', '3'], '--panels 3', 'town'],
    [['--town', '--scenario', 'storm'], '--scenario storm', 'town'],
    [['--sessions', 'acn.json'], '--sessions acn.json', '--town'],
    [['--town', '--rate', '1000'], '--town', '--rate'],
    [['--town', '--weather', 'hail'], '--weather', '"hail"'],
    [['--town', '--evs', '3', '--sessions', 'acn.json'], '--evs 3'],
    [['--town', '--interval', '601'], '--interval', '"601"'],
  ] as const) {
    it(`${args.join(' ')}: one line that names ${words.join(' and ')}`, () => {
      assert.throws(
        () => readFlags(args, {}),
        (error) =>
          error instanceof UsageError &&
          !error.message.includes('\n') &&
          words.every((word) => error.message.includes(word)),
      )
    })
  }

  it('names the variable when that is what is wrong', () => {
    assert.throws(() => readFlags([], { MQTT_URL: 'nonsense' }), /MQTT_URL .*"nonsense"/)
  })

  it('are all in the help', () => {
    for (const name of Object.keys(options)) assert.ok(usage.includes(`--${name} `), name)
  })
})
