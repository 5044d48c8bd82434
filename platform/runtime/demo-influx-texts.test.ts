import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'mocha'
import { settingsOf } from '../storage/influxdb.ts'
import { hasInfluxd, testInfluxd, withoutInfluxd } from '../storage/time-series-servers.fixture.ts'
import { influxEnvironment, sampleQueries } from './demo-influx-texts.ts'
import { readEnvironment } from './environment.ts'

const version2 = {
  url: 'http://127.0.0.1:8086',
  version: 2,
  org: 'linhaviva',
  bucket: 'linhaviva',
  token: 's3cret',
} as const

describe('what the demonstration with InfluxDB says', () => {
  it('hands the settings of its server over to the system', () => {
    const read = readEnvironment(influxEnvironment(version2))
    assert.deepEqual(settingsOf({ url: '', version: 'environment', org: '', bucket: '' }, undefined, read), version2)
  })

  it('never shows the token', () => {
    for (const version of [1, 2] as const) {
      const text = sampleQueries({ ...version2, version, token: 'a:s3cret' }, 'http://localhost:1880/metrics')
      assert.doesNotMatch(text, /s3cret/)
      assert.match(text, /\$INFLUX_TOKEN/)
    }
  })

  it('is a command that InfluxDB answers', async function () {
    this.timeout(60_000)
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      return this.skip()
    }
    const server = await testInfluxd()
    try {
      const line = `der,device=pv-1,feeder=f-1,type=pv p_actual_kw=-2 ${Date.now() - 1_000}000000`
      await fetch(`${server.settings.url}/write?db=linhaviva`, { method: 'POST', body: line })
      const text = sampleQueries(server.settings, 'http://localhost:1880/metrics')
      const command = /^ {2}curl [^]*?'q=.*'$/m.exec(text)![0]
      const answer = execFileSync('/bin/sh', ['-c', `${command} -s`], { encoding: 'utf8' })
      assert.match(answer, /"tags":\{"feeder":"f-1","type":"pv"\}/)
      assert.match(answer, /,-2\]/)
    } finally {
      await server.remove()
    }
  })
})
