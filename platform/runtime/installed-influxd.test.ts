import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { findInfluxd, launchOf, setUpVersion2, startInfluxd, versionOf } from './installed-influxd.ts'

describe('an influxd of this machine', function () {
  this.timeout(60_000)
  let folder: string

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'linha-viva-influxd-test-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  for (const [printed, version] of [
    ['InfluxDB v1.6.7~rc0 (git: unknown unknown)\n', 1],
    ['InfluxDB v1.8.10 (git: 1.8 688e697c51fd)\n', 1],
    ['InfluxDB v2.7.11 (git: fbf5d4ab5e) build_date: 2024-12-02T17:48:15Z\n', 2],
    ['InfluxDB 2.0.4 (git: none) build_date: 2021-02-08T17:47:02Z\n', 2],
    ['influxdb3 InfluxDB 3 Core, version 3.0.1\n', undefined],
    ['InfluxDB v3.0.1\n', undefined],
    ['', undefined],
  ] as const)
    it(`that prints "${printed.trim()}" is ${version === undefined ? 'none of ours' : `version ${version}`}`, () =>
      assert.equal(versionOf(printed), version))

  it('that is not there is not found', () => assert.equal(findInfluxd('/nowhere/influxd'), undefined))

  it('of version 2 is told by the environment where to listen and to keep its data', async () => {
    const { args, env } = await launchOf(2, '/data/influxdb', 8086)
    assert.deepEqual(args, [])
    assert.deepEqual(env, {
      INFLUXD_HTTP_BIND_ADDRESS: '127.0.0.1:8086',
      INFLUXD_BOLT_PATH: '/data/influxdb/influxd.bolt',
      INFLUXD_SQLITE_PATH: '/data/influxdb/influxd.sqlite',
      INFLUXD_ENGINE_PATH: '/data/influxdb/engine',
      INFLUXD_REPORTING_DISABLED: 'true',
    })
  })

  it('of version 1 is told by a file, listens on loopback only and calls nobody', async () => {
    const { args } = await launchOf(1, folder, 18_086)
    assert.deepEqual(args.slice(0, 2), ['run', '-config'])
    const file = readFileSync(args[2]!, 'utf8')
    assert.match(file, /^reporting-disabled = true$/m)
    const addresses = [...file.matchAll(/bind-address = "(.*)"/g)].map(([, address]) => address)
    assert.equal(addresses.length, 2)
    assert.ok(addresses.every((address) => address!.startsWith('127.0.0.1:')))
    assert.equal(addresses[1], '127.0.0.1:18086')
  })

  it('of version 1 is started, set up, and started again on the same data', async function () {
    const program = findInfluxd()
    if (program?.version !== 1) {
      process.stdout.write('      skipped: no influxd of version 1 is installed (apt-get install influxdb)\n')
      return this.skip()
    }
    const first = await startInfluxd(program, { folder })
    const write = await fetch(`${first.settings.url}/write?db=${first.settings.bucket}`, {
      method: 'POST',
      body: 'a b=1 1',
    })
    assert.equal(write.status, 204)
    await first.stop()
    assert.match(await first.ended, /exit code 0|SIGTERM/)
    const again = await startInfluxd(program, { folder, port: first.port })
    try {
      assert.deepEqual(again.settings, first.settings)
      const answer = await fetch(`${again.settings.url}/query?db=${again.settings.bucket}&q=select%20b%20from%20a`)
      assert.match(await answer.text(), /"values":\[\["1970-01-01T00:00:00.000000001Z",1\]\]/)
    } finally {
      await again.stop()
    }
  })

  it('that does not start says why', async () => {
    await assert.rejects(
      startInfluxd({ path: process.execPath, version: 1 }, { folder }),
      /^Error: InfluxDB does not start: it ended at once\n.*/,
    )
  })

  describe('of version 2, as its API is documented', () => {
    let server: Server
    const asked: { method: string; body: string }[] = []
    let allowed = true

    before((done) => {
      server = createServer((request, response) => {
        let body = ''
        request.setEncoding('utf8').on('data', (text: string) => (body += text))
        request.on('end', () => {
          asked.push({ method: `${request.method} ${request.url}`, body })
          const post = request.method === 'POST'
          response.writeHead(post ? 201 : 200, { 'content-type': 'application/json' })
          response.end(JSON.stringify(post ? { auth: {}, org: {}, bucket: {}, user: {} } : { allowed }))
          if (post) allowed = false
        })
      }).listen(0, '127.0.0.1', done)
    })
    after(() => void server.close())

    it('is set up once, with a login that stays and that only this user may read', async () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const settings = await setUpVersion2(url, folder)
      const { url: at, version, org, bucket, token } = settings
      assert.deepEqual([at, version, org, bucket], [url, 2, 'linhaviva', 'linhaviva'])
      assert.deepEqual(
        asked.map(({ method }) => method),
        ['GET /api/v2/setup', 'POST /api/v2/setup'],
      )
      const sent = JSON.parse(asked[1]!.body) as Record<string, string>
      assert.deepEqual(Object.keys(sent).toSorted(), ['bucket', 'org', 'password', 'token', 'username'])
      assert.equal(sent['token'], token)
      assert.ok(sent['password']!.length >= 8 && sent['password'] !== token)
      if (process.platform !== 'win32') assert.equal(statSync(join(folder, 'login.json')).mode & 0o777, 0o600)
      assert.deepEqual(await setUpVersion2(url, folder), settings)
      assert.equal(asked.filter(({ method }) => method.startsWith('POST')).length, 1)
    })
  })
})
