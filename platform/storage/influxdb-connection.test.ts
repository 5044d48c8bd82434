import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, it } from 'mocha'
import { InfluxConnection, InfluxUnavailable, type InfluxSettings } from './influxdb-connection.ts'
import {
  hasInfluxd,
  hasVictoriaMetrics,
  testInfluxd,
  testVictoriaMetrics,
  withoutInfluxd,
  withoutVictoriaMetrics,
  type TestInfluxd,
} from './time-series-servers.fixture.ts'

const { signal } = new AbortController()
const at = (n: number): string => `${Date.UTC(2026, 0, 21, 12) + n}000000`
const points = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `der,device=pv-1 p_actual_kw=${n + from} ${at(n + from)}`)

describe('a connection to InfluxDB 1', function () {
  this.timeout(60_000)
  let server: TestInfluxd
  let connection: InfluxConnection

  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    server = await testInfluxd()
    connection = new InfluxConnection(server.settings)
  })
  after(() => server?.remove())

  const count = async (measurement: string): Promise<number> =>
    ((await server.query(`select count(p_actual_kw) from ${measurement}`))[0]?.['count'] as number) ?? 0

  it('has every point when it says so, and no point twice', async () => {
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await connection.write(points(3_000), signal), { written: 3_000, refused: 0 })
    assert.equal(await count('der'), 3_000)
    assert.deepEqual(connection.state, { up: true })
    assert.deepEqual(await connection.write([], signal), { written: 0, refused: 0 })
  })

  it('tells what is refused, and has the rest', async () => {
    const lines = points(1_000, 10_000)
    lines[17] = `der,device=pv-1 p_actual_kw="much" ${at(10_017)}`
    lines[600] = 'der,device=pv-1'
    lines[999] = `der,device=pv-1 p_actual_kw=NaN ${at(10_999)}`
    const { written, refused, reason } = await connection.write(lines, signal)
    assert.deepEqual([written, refused], [997, 3])
    assert.match(reason!, /^400 .*field type conflict/)
    assert.equal(await count('der'), 3_997)
    assert.deepEqual(connection.state, { up: true })
  })

  it('asks once where all are refused', async () => {
    await server.query('create retention policy "short" on "linhaviva" duration 1h replication 1')
    const short = new InfluxConnection({ ...server.settings, bucket: 'linhaviva/short' })
    const { written, refused, reason } = await short.write(
      points(5_000).map((line) => line.replace(/\d+$/, '1000000')),
      signal,
    )
    assert.deepEqual([written, refused], [0, 5_000])
    assert.match(reason!, /beyond retention policy/)
  })

  for (const [what, settings, said] of [
    ['a database that is not there', { bucket: 'elsewhere' }, /^404 database not found: "elsewhere"$/],
    ['a retention policy that is not there', { bucket: 'linhaviva/never' }, /^500 retention policy not found/],
    ['a server that is not there', { url: 'http://127.0.0.1:9' }, /ECONNREFUSED/],
  ] as const) {
    it(`refuses no point for ${what}: it is away`, async () => {
      const other = new InfluxConnection({ ...server.settings, ...settings })
      await assert.rejects(other.write(points(10), signal), (error: Error) => {
        assert.match(error.message, said)
        return error instanceof InfluxUnavailable
      })
      assert.equal(other.state.up, false)
    })
  }

  it('is there again when the server is', async () => {
    await server.kill()
    await assert.rejects(connection.write(points(10, 20_000), signal), InfluxUnavailable)
    assert.equal(connection.state.up, false)
    await server.start()
    assert.deepEqual(await connection.write(points(10, 20_000), signal), { written: 10, refused: 0 })
    assert.deepEqual(connection.state, { up: true })
  })

  it('gives up at once when it is told to, also while the server says nothing', async () => {
    const closing = new AbortController()
    process.kill(server.pid, 'SIGSTOP')
    try {
      const writing = connection.write(points(10), closing.signal)
      setTimeout(() => closing.abort(), 50)
      await assert.rejects(writing)
    } finally {
      process.kill(server.pid, 'SIGCONT')
    }
  })
})

describe('a connection to InfluxDB 1 with users', function () {
  this.timeout(60_000)
  let server: TestInfluxd

  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    server = await testInfluxd('writer:it is:a secret')
  })
  after(() => server?.remove())

  it('lets in who has the password, in which colons may stand', async () => {
    const connection = new InfluxConnection(server.settings)
    assert.deepEqual(await connection.write(points(10), signal), { written: 10, refused: 0 })
  })

  it('is away for who has another one', async () => {
    const connection = new InfluxConnection({ ...server.settings, token: 'writer:guess' })
    await assert.rejects(connection.write(points(10), signal), /^InfluxUnavailable: 401 authorization failed$/)
  })
})

describe('a connection in the way of InfluxDB 2', function () {
  this.timeout(60_000)

  it('brings its points to a server that takes them', async function () {
    if (!hasVictoriaMetrics) {
      process.stdout.write(`      ${withoutVictoriaMetrics}\n`)
      return this.skip()
    }
    const server = await testVictoriaMetrics()
    try {
      const connection = new InfluxConnection(server.settings)
      assert.deepEqual(await connection.write(points(100), signal), { written: 100, refused: 0 })
      const [series] = await server.series('der', 'p_actual_kw')
      assert.equal(series!.metric['device'], 'pv-1')
      assert.deepEqual(
        series!.values.toSorted((one, other) => one - other),
        Array.from({ length: 100 }, (_, n) => n),
      )
    } finally {
      await server.remove()
    }
  })

  describe('answers as the documentation of InfluxDB 2 has them', () => {
    let server: Server
    const requests: { url: string; authorization: string | undefined; lines: string[] }[] = []
    let answer: (lines: string[], response: ServerResponse) => void

    before((done) => {
      server = createServer((request, response) => {
        let body = ''
        request.setEncoding('utf8').on('data', (text: string) => (body += text))
        request.on('end', () => {
          const lines = body.split('\n')
          requests.push({ url: request.url!, authorization: request.headers.authorization, lines })
          answer(lines, response)
        })
      }).listen(0, '127.0.0.1', done)
    })
    after(() => void server.close())
    afterEach(() => requests.splice(0))

    const connect = (settings: Partial<InfluxSettings> = {}): InfluxConnection =>
      new InfluxConnection({
        ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, version: 2, org: 'North & South' },
        ...{ bucket: 'field/raw', token: 'secret', ...settings },
      })
    const json = (code: number, body: object) => (_lines: string[], response: ServerResponse) =>
      void response.writeHead(code, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))

    it('names organization, bucket and token', async () => {
      answer = (_lines, response) => void response.writeHead(204).end()
      await connect().write(points(2), signal)
      assert.deepEqual(requests, [
        {
          url: '/api/v2/write?org=North+%26+South&bucket=field%2Fraw&precision=ns',
          authorization: 'Token secret',
          lines: points(2),
        },
      ])
    })

    it('searches out the one point that makes the whole request malformed (400)', async () => {
      answer = (lines, response) =>
        lines.includes('bad')
          ? json(400, { code: 'invalid', message: "unable to parse 'bad': missing fields" })(lines, response)
          : void response.writeHead(204).end()
      const written = await connect().write([...points(7), 'bad', ...points(8, 7)], signal)
      assert.deepEqual(written, { written: 15, refused: 1, reason: "400 unable to parse 'bad': missing fields" })
    })

    it('asks once where all points are in conflict (422)', async () => {
      const message =
        'failure writing points to database: partial write: field type conflict: input field "soc" dropped=16'
      answer = json(422, { code: 'unprocessable entity', message })
      assert.deepEqual(await connect().write(points(16), signal), { written: 0, refused: 16, reason: `422 ${message}` })
      assert.equal(requests.length, 1)
    })

    it('sends less at once where it was too much (413), whoever says so', async () => {
      answer = (lines, response) => void response.writeHead(lines.length > 3 ? 413 : 204).end()
      assert.deepEqual(await connect().write(points(16), signal), { written: 16, refused: 0 })
    })

    it('says nothing about the server where the write was taken back', async () => {
      const closing = new AbortController()
      answer = (_lines, response) => {
        closing.abort()
        response.writeHead(204).end()
      }
      const connection = connect()
      await assert.rejects(connection.write(points(1), closing.signal), /^InfluxUnavailable: the write was taken back$/)
      assert.deepEqual(connection.state, { up: true })
    })

    for (const [what, answering, said] of [
      ['a wrong token', json(401, { code: 'unauthorized', message: 'unauthorized access' }), '401 unauthorized access'],
      ['no such bucket', json(404, { code: 'not found', message: 'bucket "x" not found' }), '404 bucket "x" not found'],
      ['a server under load', json(503, { code: 'unavailable', message: 'busy' }), '503 busy'],
      [
        'a proxy that finds fault with the request itself',
        (_lines: string[], response: ServerResponse) =>
          void response.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Bad\n Request</h1>'),
        '400 <h1>Bad Request</h1>',
      ],
      [
        'something that is no InfluxDB',
        (_lines: string[], response: ServerResponse) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
        'answered 200 instead of 204: is this InfluxDB?',
      ],
    ] as const) {
      it(`loses no point to ${what}`, async () => {
        answer = answering
        const connection = connect()
        await assert.rejects(connection.write(points(4), signal), new InfluxUnavailable(said))
        assert.equal(requests.length, 1)
        assert.deepEqual(connection.state, { up: false, detail: said })
      })
    }
  })
})
