import assert from 'node:assert/strict'
import { BadFlag } from '../../../platform/runtime/flags.ts'
import { readDetectFlags } from './detect-flags.ts'

describe('flags of solar -- detect', () => {
  it('have defaults', () => {
    assert.deepEqual(readDetectFlags(['--csv', 'a.csv']), {
      ...{ csv: 'a.csv', labels: undefined, columns: new Map(), place: null, ratedW: 400, ratedV: 41, tiltDeg: null },
      ...{ azimuthDeg: null, utcOffsetMinutes: null, forest: true, json: false, language: 'en' },
    })
  })

  it('say where panels are and what they are', () => {
    const flags = readDetectFlags([
      ...['--csv', '-', '--site-latitude', '-23.5', '--site-longitude=-46.6', '--rated-w', '550', '--tilt', '10'],
      ...['--azimuth', '350', '--utc-offset', '-3', '--labels', 'is_anomaly', '--json', '--lang', 'pt'],
    ])!
    assert.deepEqual(flags.place, { latitude: -23.5, longitude: -46.6 })
    assert.deepEqual([flags.ratedW, flags.tiltDeg, flags.azimuthDeg, flags.utcOffsetMinutes], [550, 10, 350, -180])
    // What is read once has no forest.
    assert.deepEqual([flags.labels, flags.json, flags.language, flags.forest], ['is_anomaly', true, 'pt', false])
  })

  it('take maps again, one after the other, or by commas', () => {
    const wanted = new Map([
      ['timestamp', 'time'],
      ['power_output_watts', 'P'],
      ['voltage_volts', 'U'],
    ])
    for (const maps of [
      ['--map', 'timestamp=time', '--map', 'power_output_watts=P', '--map=voltage_volts=U'],
      ['--map', 'timestamp=time', 'power_output_watts=P', 'voltage_volts=U'],
      ['--map', 'timestamp=time,power_output_watts=P,voltage_volts=U'],
    ])
      assert.deepEqual(readDetectFlags([...maps, '--csv', 'a'])!.columns, wanted)
  })

  it('help', () => assert.equal(readDetectFlags(['--help']), undefined))

  for (const [args, problem] of [
    [[], /--csv is missing/],
    [['--csv', 'a', '--site-latitude', '1'], /--site-latitude needs --site-longitude/],
    [['--csv', 'a', '--site-longitude', '1'], /--site-longitude needs --site-latitude/],
    [
      ['--csv', 'a', '--site-latitude', '91', '--site-longitude', '1'],
      /--site-latitude takes degrees from -90 to 90, got "91"/,
    ],
    [['--csv', 'a', '--rated-w', '0'], /--rated-w takes watts, above 0, up to 1000000, got "0"/],
    [['--csv', 'a', '--rated-v', 'x'], /--rated-v takes volts, above 0, up to 1500, got "x"/],
    [['--csv', 'a', '--lang', 'fr'], /--lang takes en or pt, got "fr"/],
    [['--csv', 'a', '--map'], /--map needs a value/],
    [['--csv', 'a', '--map', '--json'], /--map needs a value/],
    [['--csv', 'a', '--map', 'power'], /--map takes FIELD=COLUMN, got "power"/],
    [['--csv', 'a', '--map', 'power=P'], /--map takes a field of timestamp, panel_id, .*; got "power"/],
    [['--csv', 'a', '--map', 'panel_id=a,panel_id=b'], /--map names the field panel_id twice/],
    [['--csv', 'a', 'surplus'], /unexpected argument "surplus"/],
    [['--csv', 'a', '--what'], /unknown flag --what/],
  ] as const)
    it(`refuse ${args.join(' ')}`, () =>
      assert.throws(
        () => readDetectFlags(args),
        (error) => error instanceof BadFlag && problem.test(error.message),
      ))
})
