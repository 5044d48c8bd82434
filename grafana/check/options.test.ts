import assert from 'node:assert/strict'
import { readOptions } from './options.ts'

const databases = [
  '--postgresql',
  'postgres://reader@127.0.0.1:5432/linhaviva',
  '--influx',
  'http://127.0.0.1:8086/linhaviva',
]

describe('what the check is asked for', () => {
  it('is all dashboards up to now, or one with what is chosen', () => {
    assert.deepEqual(
      readOptions([...databases, '--dashboard', 'device', '--choose', 'feeder=feeder-02,device=meter-015']),
      {
        databases: { postgresql: databases[1], influx: databases[3] },
        ...{ days: 31, singleDays: 2, speed: 240, to: 'now' },
        dashboard: 'device',
        chosen: { feeder: 'feeder-02', device: 'meter-015' },
        verbose: false,
      },
    )
    assert.equal(readOptions(['--help']), undefined)
  })

  it('is the fill unless databases are given', () => {
    const { databases: none, days, singleDays } = readOptions(['--days', '3', '--single-days', '1'])!
    assert.deepEqual([none, days, singleDays], [undefined, 3, 1])
  })

  it('is refused in a line where it cannot be understood', () => {
    assert.throws(() => readOptions(databases.slice(0, 2)), /--influx needs an address/)
    assert.throws(() => readOptions(['--days', '0']), /--days takes 1 to 62/)
    assert.throws(() => readOptions([...databases, '--dashboard', 'weather']), /no dashboard "weather"/)
    assert.throws(() => readOptions([...databases, '--choose', 'feeder']), /variable=value/)
  })
})
