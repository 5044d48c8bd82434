import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { InfluxConnection } from '../../platform/storage/influxdb-connection.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import {
  hasInfluxd,
  testInfluxd,
  withoutInfluxd,
  type TestInfluxd,
} from '../../platform/storage/time-series-servers.fixture.ts'
import { connectSources, QueryRefused, type Sources } from './sources.ts'

describe('data sources', function () {
  this.timeout(60_000)
  let influx: TestInfluxd
  let sources: Sources
  // Before the database ends its connections.
  after(async () => {
    await sources?.close()
    await influx?.remove()
  })
  const postgresql = useDatabase()

  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    influx = await testInfluxd()
    const { host, port, user, password, database } = postgresql.login
    const login = `${user}:${encodeURIComponent(String(password))}`
    const { url, bucket } = influx.settings
    sources = await connectSources(`postgres://${login}@${host}:${port}/${database}`, `${url}/${bucket}`)
  })

  it('answer in SQL, counts as numbers', async () =>
    assert.deepEqual(
      await sources.sql('select count(*) as "Dispositivos", 1.5::numeric as n, \'a\' as t from device'),
      {
        rows: [{ Dispositivos: 0, n: 1.5, t: 'a' }],
        columns: ['Dispositivos', 'n', 't'],
      },
    ))

  it('answer in InfluxQL what our own client wrote', async () => {
    const connection = new InfluxConnection(influx.settings)
    await connection.write(['der,device=pv-1 p_actual_kw=-2.5 1000000000'], new AbortController().signal)
    assert.deepEqual(await sources.influxql('SELECT "p_actual_kw" FROM "der"'), [
      { name: 'der', columns: ['time', 'p_actual_kw'], values: [[1_000, -2.5]] },
    ])
    assert.deepEqual(await sources.influxql('SELECT "p_kw" FROM "meter"'), [])
  })

  it('say why they refuse a query', async () => {
    await assert.rejects(sources.sql('select none'), QueryRefused)
    await assert.rejects(sources.influxql('SELECT'), QueryRefused)
  })
})
