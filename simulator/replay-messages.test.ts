import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readReplayFlags } from './replay-flags.ts'
import { replayer, replayTopic } from './replay-messages.ts'

const newYear = Date.UTC(2008, 0, 1)
const meterFlags = ['--map', 'va_v=voltage,p_kw=watts:0.001', '--set', 'interval_s=600,aggregation=mean']
const header = ['timestamp', 'voltage', 'watts', 'note']

function reading(flags: string[], decimalMark: '.' | ',' = '.', columns = header) {
  const read = readReplayFlags(['--file', 'f.csv', '--device', 'd-1', ...flags], {})!
  const become = replayer(read, { header: columns, decimalMark, rows: (async function* () {})() })
  return (...cells: string[]) => become({ line: 7, cells })
}
const problemOf = (replayed: ReturnType<ReturnType<typeof reading>>): string =>
  replayed.is === 'unusable' ? replayed.problem : replayed.is

describe('a row of a recording', () => {
  const meter = reading(meterFlags)
  const instant = '2008-01-01T00:00:00Z'

  it('becomes a message of its device', () => {
    assert.deepEqual(meter(instant, '241.1', '1582', 'x'), {
      is: 'message',
      recordedAt: newYear,
      at: newYear,
      body: { meter_id: 'd-1', interval_s: 600, aggregation: 'mean', va_v: 241.1, p_kw: 1.582 },
    })
    assert.equal(replayTopic({ kind: 'meter', device: 'd-1' }), 'grid/meters/d-1/readings')
  })

  it('recorded at the start of its interval is sent with its end', () => {
    const replayed = reading([...meterFlags, '--timestamp-is', 'start'])(instant, '241.1', '1582', '')
    assert.ok(replayed.is === 'message')
    assert.deepEqual([replayed.recordedAt, replayed.at], [newYear, newYear + 600_000])
  })

  it('with an interval of its own ends when that ends', () => {
    const flags = ['--map', 'va_v=voltage,interval_s=watts', '--set', 'aggregation=mean', '--timestamp-is', 'start']
    const replayed = reading(flags)(instant, '241.1', '60', '')
    assert.ok(replayed.is === 'message' && replayed.at === newYear + 60_000)
  })

  for (const [flags, written] of [
    [[], '2007-12-31T21:00:00-03:00'],
    [[], String(newYear)],
    [['--utc-offset', '+01:00'], '2008-01-01 01:00:00'],
    [['--utc-offset', '+01:00'], '2008-01-01T00:00:00Z'],
    [['--map', 'timestamp=timestamp:1000'], String(newYear / 1_000)],
  ] as const) {
    it(`is of the instant that ${written} is${flags.length > 0 ? ` with ${flags.join(' ')}` : ''}`, () => {
      const replayed = reading([...meterFlags, ...flags])(written, '241.1', '1582', '')
      assert.ok(replayed.is === 'message' && replayed.recordedAt === newYear)
    })
  }

  it('without a value: null for a phase, left out where it may be, skipped where nothing is left', () => {
    const noVoltage = meter(instant, '', '1582', '')
    assert.ok(noVoltage.is === 'message' && noVoltage.body['va_v'] === null && noVoltage.body['p_kw'] === 1.582)
    const noPower = meter(instant, '241.1', '', '')
    assert.ok(noPower.is === 'message' && !('p_kw' in noPower.body))
    assert.deepEqual(meter(instant, '', '', 'x'), { is: 'skipped', reason: 'nothing measured' })
  })

  it('of a DER or a panel without what the contract requires is skipped', () => {
    const place = 'type=pv,site_id=s-1,feeder_id=f-1,p_max_kw=5,is_physical=false'
    const pv = reading(['--kind', 'der', '--map', 'p_actual_kw=watts:0.001,soc=voltage', '--set', place])
    assert.deepEqual(pv(instant, '0.5', '', ''), { is: 'skipped', reason: 'no p_actual_kw' })
    const sent = pv(instant, '', '4200', '')
    assert.deepEqual(sent.is === 'message' && sent.body, {
      ...{ deviceId: 'd-1', type: 'pv', site_id: 's-1', feeder_id: 'f-1', p_max_kw: 5, is_physical: false },
      p_actual_kw: 4.2,
    })
  })

  it('in a file with decimal commas is read so', () => {
    const replayed = reading(meterFlags, ',')(instant, '241,1', '1582', '')
    assert.ok(replayed.is === 'message' && replayed.body['va_v'] === 241.1)
  })

  it('that cannot be used is named with its line, column and value', () => {
    assert.equal(
      problemOf(meter('2008-01-01', '1', '1', '')),
      'line 7: timestamp is "2008-01-01", no instant with offset',
    )
    assert.equal(problemOf(meter('', '1', '1', '')), 'line 7: timestamp is "", no instant with offset')
    assert.equal(problemOf(meter(instant, 'n/a', '1', '')), 'line 7: voltage is "n/a", no number')
    assert.equal(problemOf(meter(instant, '241,1', '1', '')), 'line 7: voltage is "241,1", no number')
    assert.equal(problemOf(meter(instant, '9e99', '1', '')), 'line 7: voltage is "9e99": va_v must be <= 300000')
    assert.equal(problemOf(meter(instant, '-1', '1', '')), 'line 7: voltage is "-1": va_v must be >= 0')
    assert.match(problemOf(meter(instant, 'x'.repeat(500), '1', '')), /^line 7: voltage is "x{40}…", no number$/)
  })

  it('always becomes something (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 4, maxLength: 4 }), (cells) => {
        assert.ok(['message', 'skipped', 'unusable'].includes(meter(...cells).is))
      }),
    )
  })

  it('keeps its numbers as they are written (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 300_000, noNaN: true }), (volts) => {
        const replayed = meter(instant, String(volts + 0), '1', '')
        assert.ok(replayed.is === 'message' && replayed.body['va_v'] === volts + 0)
      }),
    )
  })
})

describe('a replay does not begin', () => {
  for (const [flags, message] of [
    [
      ['--map', 'va_v=volts', '--set', 'interval_s=1,aggregation=mean'],
      /f.csv has no column "volts"; it has timestamp, v/,
    ],
    [['--map', 'timestamp=when,va_v=voltage'], /f.csv has no column "when"/],
    [['--map', 'vx_v=voltage'], /--map vx_v: a meter has timestamp, va_v, vb_v/],
    [['--map', 'meter_id=note,va_v=voltage'], /--map meter_id: --device says it/],
    [['--map', 'va_v=voltage'], /a meter needs interval_s: give --map interval_s=COLUMN or --set interval_s=VALUE/],
    [['--set', 'interval_s=1'], /--map is missing/],
    [['--map', 'va_v=voltage', '--set', 'va_v=1'], /--set va_v: it comes from a column/],
    [['--map', 'va_v=voltage', '--set', 'interval_s=601'], /--set interval_s cannot be "601"/],
    [['--map', 'va_v=voltage', '--set', 'aggregation=median'], /--set aggregation cannot be "median"/],
    [['--map', 'va_v=voltage,aggregation=note:2'], /--map aggregation is no number: it takes no scale/],
    [
      ['--kind', 'panel', '--timestamp-is', 'start', '--map', 'voltage_volts=voltage,power_output_watts=watts'].concat([
        ...['--set', 'temperature_celsius=20,current_amperes=1'],
      ]),
      /--timestamp-is start needs interval_s, which a panel does not have/,
    ],
  ] as const) {
    it(`with ${flags.join(' ')}`, () => assert.throws(() => reading([...flags]), { name: 'UsageError', message }))
  }

  it('with a column that is there twice', () => {
    assert.throws(() => reading(meterFlags, '.', [...header, 'voltage']), /f.csv has "voltage" twice/)
  })
})
