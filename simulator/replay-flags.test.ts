import assert from 'node:assert/strict'
import { readReplayFlags, replayUsage } from './replay-flags.ts'

const least = ['--file', 'voltage.csv', '--device', 'meter-1', '--map', 'va_v=voltage_v']
const read = (...more: string[]) => readReplayFlags([...least, ...more], {})!

describe('the flags of a replay', () => {
  it('have defaults', () => {
    assert.deepEqual(read(), {
      file: 'voltage.csv',
      device: 'meter-1',
      kind: 'meter',
      map: new Map([['va_v', { column: 'voltage_v', scale: 1 }]]),
      set: new Map(),
      timestampIs: 'end',
      utcOffset: '',
      from: -Infinity,
      to: Infinity,
      startAt: undefined,
      speed: 1,
      clock: false,
      limit: Infinity,
      url: 'mqtt://127.0.0.1:1883',
      dryRun: false,
    })
  })

  it('map fields one by one, or in a list, with a scale or without', () => {
    const { map, set } = read('--map', 'p_kw=power (W):0.001, q_kvar = a:b', '--set', 'interval_s=600,aggregation=mean')
    assert.deepEqual(Object.fromEntries(map), {
      va_v: { column: 'voltage_v', scale: 1 },
      p_kw: { column: 'power (W)', scale: 0.001 },
      q_kvar: { column: 'a:b', scale: 1 },
    })
    assert.deepEqual(Object.fromEntries(set), { interval_s: '600', aggregation: 'mean' })
  })

  it('set the clock unless the speed is that of the recording, or they say otherwise', () => {
    assert.deepEqual([read('--speed', '60').clock, read('--speed', 'max').clock], [true, true])
    assert.equal(read('--speed', '60', '--no-clock').clock, false)
    assert.equal(read('--clock').clock, true)
    assert.equal(read('--speed', 'max').speed, Infinity)
  })

  it('give instants, and where time begins anew', () => {
    const flags = read('--from', '2008-02-01T00:00:00Z', '--to', '2008-02-01T00:00:00-03:00', '--start-at', 'now')
    assert.deepEqual([flags.from, flags.to, flags.startAt], [Date.UTC(2008, 1, 1), Date.UTC(2008, 1, 1, 3), 'now'])
    assert.equal(read('--start-at', '2026-01-01T00:00:00Z').startAt, Date.UTC(2026, 0, 1))
  })

  it('ask for help, and it names every one of them', () => {
    assert.equal(readReplayFlags(['--help'], {}), undefined)
    for (const flag of ['--file', '--map', '--set', '--timestamp-is', '--utc-offset', '--start-at', '--dry-run'])
      assert.ok(replayUsage.includes(flag))
  })

  it('are missing', () => {
    assert.throws(() => readReplayFlags([], {}), { name: 'UsageError', message: /--file is missing/ })
    assert.throws(() => readReplayFlags(['--file', 'x'], {}), { name: 'UsageError', message: /--device is missing/ })
  })

  for (const [flags, message] of [
    [['--sped', '1'], /unknown flag --sped/],
    [['voltage.csv'], /unexpected argument "voltage.csv"/],
    [['--device', 'x'], /--device is given twice/],
    [['--kind', 'switch'], /--kind must be meter or der or panel, got "switch"/],
    [['--map', 'p_kw'], /--map must be FIELD=COLUMN, got "p_kw"/],
    [['--map', 'p_kw='], /--map must be FIELD=COLUMN, got "p_kw="/],
    [['--map', 'va_v=other'], /--map has va_v twice/],
    [['--map', 'p_kw=power:0'], /--map p_kw has the scale "0"/],
    [['--set', 'interval_s'], /--set must be FIELD=VALUE/],
    [['--timestamp-is', 'middle'], /--timestamp-is must be start or end, got "middle"/],
    [['--utc-offset', '1'], /--utc-offset must be like \+01:00, -03:00 or Z, got "1"/],
    [['--from', '2008-01-01'], /--from must be an instant with offset .*, got "2008-01-01"/],
    [['--from', '2009-01-01T00:00:00Z', '--to', '2008-01-01T00:00:00Z'], /is not before --to/],
    [['--start-at', 'later'], /--start-at must be an instant/],
    [['--speed', '0'], /--speed must be a number from 0.001 to 1000000, or max, got "0"/],
    [['--speed', 'fast'], /got "fast"/],
    [['--speed'], /--speed needs a value/],
    [['--clock', '--no-clock'], /exclude each other/],
    [['--clock=yes'], /--clock takes no value, got "yes"/],
    [['--limit', '0'], /--limit must be a whole number from 1, got "0"/],
    [['--url', 'http://x'], /--url must be mqtt/],
  ] as const) {
    it(`refuse ${flags.join(' ')}`, () => assert.throws(() => read(...flags), { name: 'UsageError', message }))
  }

  it('refuse a device that no topic can name', () => {
    const args = ['--file', 'x', '--device', 'a/b', '--map', 'va_v=v']
    assert.throws(() => readReplayFlags(args, {}), /--device must be a letter or digit.*got "a\/b"/)
  })
})
