import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { health } from '../http/health.ts'
import { startFlow, type TestFlow } from '../node/flow.fixture.ts'
import { readEnvironment } from '../runtime/environment.ts'
import register, { sendsTokenInClear, settingsOf, type InfluxdbNode } from './influxdb.ts'

const empty = { url: '', version: 'environment', org: '', bucket: '' } as const

describe('influxdb', () => {
  const before = { ...process.env }
  let flow: TestFlow | undefined

  afterEach(async () => {
    await flow?.stop()
    flow = undefined
    process.env = { ...before }
  })

  const start = async (config: object, credentials: object = {}): Promise<InfluxdbNode> => {
    flow = await startFlow([register], [{ id: 'influx', type: 'linhaviva-influxdb', ...config }], {
      influx: credentials,
    })
    return flow.node<InfluxdbNode>('influx')
  }

  it('is no connection, and no part of health, where nobody names a server', async () => {
    const { connection } = await start({})
    assert.equal(connection, undefined)
    assert.equal(health(0).influx, 'off')
  })

  it('tells health how the last write went, while it is there', async () => {
    const { connection } = await start({ url: 'http://127.0.0.1:9' })
    assert.equal(health(0).influx, 'up')
    await assert.rejects(connection!.write(['a b=1 1'], new AbortController().signal))
    assert.equal(health(0).influx, 'down')
    assert.match(health(0).reasons!.join(), /influx: .*ECONNREFUSED/)
    await flow!.stop()
    flow = undefined
    assert.equal(health(0).influx, 'off')
  })

  it('takes from the environment what its fields leave open', () => {
    const environment = readEnvironment({
      ...{ INFLUX_URL: 'https://influx:8086', INFLUX_TOKEN: 'a:b', INFLUX_ORG: 'utility', INFLUX_BUCKET: 'field' },
    })
    const expected = { url: 'https://influx:8086', version: 2, org: 'utility', bucket: 'field', token: 'a:b' }
    assert.deepEqual(settingsOf(empty, undefined, environment), expected)
    assert.deepEqual(
      settingsOf({ url: 'http://other:8086', version: '1', org: '', bucket: 'db/year' }, 'user:password', environment),
      { ...expected, url: 'http://other:8086', version: 1, bucket: 'db/year', token: 'user:password' },
    )
  })

  it('needs no token where the server asks for none', () => {
    const settings = settingsOf(empty, undefined, readEnvironment({ INFLUX_URL: 'http://influx:8086' }))
    assert.deepEqual(settings, { url: 'http://influx:8086', version: 2, org: 'linhaviva', bucket: 'linhaviva' })
  })

  for (const [config, token, said] of [
    [{ url: 'influx:8086' }, '', /^url is "influx:8086": it takes http/],
    [{ url: 'http://influx:8086', version: '1' }, 'secret', /^token has no colon/],
  ] as const) {
    it(`does not run with ${JSON.stringify(config)}, and says why`, async () => {
      await start(config, { token })
      await flow!.showed('influx', said)
    })
  }

  for (const [url, warns] of [
    ['http://influx:8086', true],
    ['http://127.0.0.1:8086', false],
    ['http://[::1]:8086', false],
    ['https://influx:8086', false],
  ] as const) {
    it(`${warns ? 'warns of' : 'finds nothing wrong with'} a token that goes to ${url}`, () => {
      const settings = { url, version: 2, org: 'utility', bucket: 'field' } as const
      assert.equal(sendsTokenInClear({ ...settings, token: 'secret' }), warns)
      assert.equal(sendsTokenInClear(settings), false)
    })
  }
})
