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
        postgresql: databases[1],
        influx: databases[3],
        to: 'now',
        dashboard: 'device',
        chosen: { feeder: 'feeder-02', device: 'meter-015' },
        verbose: false,
      },
    )
    assert.equal(readOptions(['--help']), undefined)
  })

  it('is refused in a line where it cannot be understood', () => {
    assert.throws(() => readOptions([]), /--postgresql needs an address/)
    assert.throws(() => readOptions([...databases, '--dashboard', 'weather']), /no dashboard "weather"/)
    assert.throws(() => readOptions([...databases, '--choose', 'feeder']), /variable=value/)
  })
})
