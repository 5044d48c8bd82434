import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Aedes } from 'aedes'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'

const program = fileURLToPath(new URL('replay.js', import.meta.url))
const newYear = Date.UTC(2008, 0, 1)

describe('the replay process', function () {
  this.timeout(30_000)
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-replay-'))
  const file = join(folder, 'recording.csv')
  let broker: Aedes
  let server: Server
  let port: number
  let published: [topic: string, payload: string][]
  const sockets = new Set<Socket>()
  const children = new Set<ChildProcess>()

  const listen = async (on: number): Promise<void> => {
    server = createServer((socket) => {
      sockets.add(socket)
      broker.handle(socket)
    })
    server.listen(on, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    await new Promise((resolve) => server.close(resolve))
  }

  before(async () => {
    broker = await Aedes.createBroker()
    broker.on('publish', ({ topic, payload }, client) => client && published.push([topic, payload.toString()]))
    await listen(0)
  })
  beforeEach(() => (published = []))
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
    children.clear()
  })
  after(async () => {
    await cut()
    await new Promise<void>((resolve) => broker.close(resolve))
    rmSync(folder, { recursive: true })
  })

  const record = (count: number, stepMs = 1_000): void => {
    const rows = Array.from(
      { length: count },
      (_, n) => `${new Date(newYear + n * stepMs).toISOString()},${230 + (n % 9)}`,
    )
    writeFileSync(file, `timestamp,v\n${rows.join('\n')}\n`)
  }
  function start(...flags: string[]) {
    const args = ['--file', file, '--device', 'm-1', '--map', 'va_v=v', '--set', 'interval_s=1,aggregation=mean']
    // With a channel to us, as the bootstrap has one.
    const child = fork(program, [...args, '--url', `mqtt://127.0.0.1:${port}`, ...flags], { silent: true })
    children.add(child)
    const output = { out: '', err: '' }
    child.stdout!.on('data', (chunk) => (output.out += chunk))
    child.stderr!.on('data', (chunk) => (output.err += chunk))
    const ended = once(child, 'exit').then(([code]) => code as number)
    return { child, output, ended }
  }
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (const patience = AbortSignal.timeout(20_000); !isSo();) {
      if (patience.aborted) assert.fail(`never: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  it('sends a recording in order, and ends with the count', async () => {
    record(5_000)
    const { output, ended } = start('--speed', 'max')
    assert.equal(await ended, 0)
    assert.match(
      output.out,
      /\[replay\] the simulated clock stands at 2008-01-01T01:23:19.000Z\n\[replay\] 5000 sent, 0 skipped, 0 refused\n$/,
    )
    assert.equal(published.length, 10_000)
    for (const [index, [topic, payload]] of published.entries()) {
      const at = new Date(newYear + Math.floor(index / 2) * 1_000).toISOString()
      assert.equal(topic, index % 2 === 0 ? 'sim/clock' : 'grid/meters/m-1/readings')
      assert.ok(payload.includes(at), `${index}: ${payload}`)
    }
  })

  it('waits for a broker that goes away, and loses nothing', async () => {
    record(20_000)
    const { output, ended } = start('--speed', 'max', '--no-clock')
    await until('the beginning', () => published.length > 2_000)
    await cut()
    await until('it notices', () => output.out.includes('is away: waiting for it'))
    await listen(port)
    assert.equal(await ended, 0)
    assert.match(output.out, /is back\n(.|\n)*\[replay\] 20000 sent, 0 skipped, 0 refused\n$/)
    const instants = new Set(published.map(([, payload]) => (JSON.parse(payload) as { timestamp: string }).timestamp))
    assert.equal(instants.size, 20_000)
  })

  it('ends when it is interrupted, and says how far it came', async () => {
    record(100, 60_000)
    const { child, output, ended } = start('--speed', '1', '--clock')
    await until('the first row', () => published.length === 2)
    child.kill('SIGINT')
    assert.equal(await ended, 130)
    assert.match(
      output.out,
      /interrupted\n.*stands at 2008-01-01T00:00:00.000Z\n\[replay\] 1 sent, 0 skipped, 0 refused\n$/,
    )
  })

  it('ends with whoever started it', async () => {
    record(100, 60_000)
    const { child, ended } = start()
    await until('the first row', () => published.length === 1)
    child.disconnect()
    assert.equal(await ended, 130)
  })

  it('shows what it would send, and sends nothing', async () => {
    record(10)
    const { output, ended } = start('--dry-run', '--clock')
    assert.equal(await ended, 0)
    const lines = output.out.trim().split('\n')
    assert.equal(lines[0], 'sim/clock {"at":"2008-01-01T00:00:00.000Z","rate":0}')
    assert.match(
      lines[1]!,
      /^grid\/meters\/m-1\/readings \{"meter_id":"m-1",.*"va_v":230,"timestamp":"2008-01-01T00:00:00.000Z"\}$/,
    )
    assert.equal(lines.length, 7)
    assert.deepEqual(published, [])
  })

  it('names bad rows up to a bound, and goes on', async () => {
    writeFileSync(file, `timestamp,v\n${'soon,1\n'.repeat(100)}2008-01-01T00:00:00Z,230\n`)
    const { output, ended } = start('--no-clock')
    assert.equal(await ended, 0)
    const lines = output.err.trim().split('\n')
    assert.equal(lines[0], `${file} line 2: timestamp is "soon", no instant with offset`)
    assert.equal(lines.length, 21)
    assert.match(output.out, /\[replay\] 1 sent, 100 skipped \(100 unusable\), 0 refused\n$/)
  })

  for (const [flags, code, line] of [
    [['--speed', 'fast'], 2, /^replay: --speed must be .*\n$/],
    [['--map', 'ia_a=amps'], 2, /^replay: --map ia_a: .* has no column "amps"; it has timestamp, v\n$/],
  ] as const) {
    it(`${flags.join(' ')}: one line on stderr, exit code ${code}`, async () => {
      record(1)
      const { output, ended } = start(...flags)
      assert.equal(await ended, code)
      assert.match(output.err, line)
      assert.equal(output.out, '')
    })
  }

  it('without a broker: one line on stderr, exit code 1', async () => {
    record(1)
    const before = port
    port = 9
    const { output, ended } = start()
    port = before
    assert.equal(await ended, 1)
    assert.equal(output.err, 'replay: mqtt://127.0.0.1:9 cannot be reached: connect ECONNREFUSED 127.0.0.1:9\n')
  })

  it('--help explains and ends well', async () => {
    const { output, ended } = start('--help')
    assert.equal(await ended, 0)
    assert.match(output.out, /--timestamp-is/)
  })
})
