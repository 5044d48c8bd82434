import assert from 'node:assert/strict'
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Aedes } from 'aedes'
import { connect } from 'mqtt'

const main = fileURLToPath(new URL('main.js', import.meta.url))

function start(args: string[], supervised = false) {
  const child: ChildProcess = supervised
    ? fork(main, args, { silent: true })
    : spawn(process.execPath, [main, ...args], { stdio: 'pipe' })
  const output = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => (output.out += chunk))
  child.stderr?.on('data', (chunk) => (output.err += chunk))
  // a forked child that is disconnected never gives 'close'
  const ended = once(child, supervised ? 'exit' : 'close').then(([code]) => code as number)
  const says = async (pattern: RegExp) => {
    while (!pattern.test(output.out + output.err)) await once(child.stdout!, 'data')
  }
  return { child, output, ended, says }
}

describe('the simulator process', function () {
  this.timeout(60_000)

  it('a bad flag: one line on stderr, exit code 2', async () => {
    const { output, ended } = start(['--panels', 'ten'])
    assert.equal(await ended, 2)
    assert.deepEqual(output, {
      out: '',
      err: 'simulator: --panels must be a whole number from 0 to 10000, got "ten"\n',
    })
  })

  it('--help explains and ends well', async () => {
    const { output, ended } = start(['--help'])
    assert.equal(await ended, 0)
    assert.match(output.out, /--one-connection/)
  })

  it('outlives a broker that is not there, and ends at once when told to', async () => {
    const { child, output, ended, says } = start(['--url', 'mqtt://127.0.0.1:9', '--panels', '1'])
    await says(/is away/)
    await says(/Panel-001: -?\d+\.\d °C, \d+\.\d V, \d+\.\d A, \d+\.\d W/)
    const began = Date.now()
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
    assert.ok(Date.now() - began < 2000)
    assert.equal(output.err.match(/is away/g)?.length, 1)
  })

  it('ends when the process that watches over it dies, and prints no panel lines for it', async () => {
    const { child, output, ended } = start(['--url', 'mqtt://127.0.0.1:9'], true)
    await once(child.stderr!, 'data')
    child.disconnect()
    assert.equal(await ended, 0)
    assert.doesNotMatch(output.out, /Panel/)
  })

  it('a vehicle follows a setpoint over a real broker, and a malformed one changes nothing', async () => {
    const aedes = await Aedes.createBroker()
    const server = createServer(aedes.handle).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
    const operator = connect(url, { protocolVersion: 4 })
    const powers: number[] = []
    const reached = new Promise<void>((resolve) =>
      operator.on('message', (_topic, payload) => {
        powers.push(JSON.parse(payload.toString()).p_actual_kw)
        if (Math.abs(powers.at(-1)! - 3.5) < 0.05) resolve()
      }),
    )
    await operator.subscribeAsync('der/telemetry/ev-002', { qos: 1 })
    const simulator = start(['--url', url, '--interval', '0.1', '--panels', '0'])
    await simulator.says(/devices connected/)
    await operator.publishAsync('der/control/ev-002', '{"p_setpoint_kw": 3.5}', { qos: 1 })
    await reached
    await operator.publishAsync('der/control/ev-002', 'full speed', { qos: 1 })
    await operator.publishAsync('der/control/ev-001', '{"p_setpoint_kw": 2}', { qos: 1 })
    await simulator.says(/ev-001 setpoint -> 2 kW/)
    simulator.child.kill('SIGINT')
    assert.equal(await simulator.ended, 0)
    await operator.endAsync()
    server.close()
    await new Promise<void>((resolve) => aedes.close(resolve))
    assert.match(simulator.output.out, /^\[sim\] control msg ev-002 setpoint -> 3\.5 kW$/m)
    assert.match(simulator.output.err, /^\[sim\] control msg ev-002 refused: not JSON: "full speed"$/m)
    assert.ok(
      powers.every((kw, index) => index === 0 || Math.abs(kw - powers[index - 1]!) <= 1.001),
      powers.join(),
    )
    assert.ok(Math.abs(powers.at(-1)! - 3.5) < 0.05)
  })

  it('--duration ends it', async () => {
    assert.equal(await start(['--url', 'mqtt://127.0.0.1:9', '--duration', '0.5', '--quiet']).ended, 0)
  })
})
