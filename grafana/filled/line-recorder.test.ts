import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { InfluxConnection } from '../../platform/storage/influxdb-connection.ts'
import {
  hasInfluxd,
  testInfluxd,
  withoutInfluxd,
  type TestInfluxd,
} from '../../platform/storage/time-series-servers.fixture.ts'
import { earlier, recordLines, type LineRecorder } from './line-recorder.fixture.ts'

describe('lines as our client sends them', function () {
  this.timeout(60_000)
  let influx: TestInfluxd
  let recorder: LineRecorder
  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    influx = await testInfluxd()
    recorder = await recordLines(influx.settings.url)
  })
  after(async () => {
    await recorder?.close()
    await influx?.remove()
  })

  it('are passed on and kept, those that are refused are not', async () => {
    const connection = new InfluxConnection({ ...influx.settings, url: recorder.url })
    const line = 'meter,device=meter-001 va_v=127.1 1795000000000000000'
    const { written, refused } = await connection.write([line, 'no line'], new AbortController().signal)
    assert.deepEqual([written, refused], [1, 1])
    assert.deepEqual(recorder.lines, [line])
    assert.equal((await influx.query('SELECT "va_v" FROM "meter"')).length, 1)
  })

  it('can be had at another instant', () =>
    assert.equal(
      earlier('der,device=a\\ b p=1 1795000000000000007', 1_000),
      'der,device=a\\ b p=1 1794999999000000007',
    ))
})
