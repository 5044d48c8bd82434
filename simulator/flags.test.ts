import assert from 'node:assert/strict'
import { BadFlag, readFlags, usage } from './flags.ts'

describe('the flags', () => {
  it('have defaults', () => {
    assert.deepEqual(readFlags([], {}), {
      interval: 1,
      panels: 10,
      meters: 20,
      evs: 4,
      seed: 1,
      url: 'mqtt://127.0.0.1:1883',
      duration: undefined,
      oneConnection: false,
      quiet: false,
      verbose: false,
      help: false,
    })
  })

  it('are read in both spellings', () => {
    const flags = readFlags(['--panels', '3', '--interval=0.5', '--seed', '-7', '--one-connection'], {
      MQTT_URL: 'ws://b:80',
    })
    assert.deepEqual([flags.panels, flags.interval, flags.seed, flags.oneConnection], [3, 0.5, -7, true])
    assert.equal(flags.url, 'ws://b:80')
    assert.equal(readFlags(['--url', 'mqtt://a'], { MQTT_URL: 'mqtt://b' }).url, 'mqtt://a')
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
    [['--panels', '600'], '--one-connection'],
    [['--quiet', '--verbose'], '--quiet'],
  ] as const) {
    it(`${args.join(' ')}: one line that names ${words.join(' and ')}`, () => {
      assert.throws(
        () => readFlags(args, {}),
        (error) =>
          error instanceof BadFlag &&
          !error.message.includes('\n') &&
          words.every((word) => error.message.includes(word)),
      )
    })
  }

  it('names the variable when that is what is wrong', () => {
    assert.throws(() => readFlags([], { MQTT_URL: 'nonsense' }), /MQTT_URL .*"nonsense"/)
  })

  it('are all in the help', () => {
    for (const name of [
      'interval',
      'panels',
      'meters',
      'evs',
      'seed',
      'url',
      'duration',
      'one-connection',
      'quiet',
      'verbose',
    ]) {
      assert.ok(usage.includes(`--${name} `), name)
    }
  })
})
