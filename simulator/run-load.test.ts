import assert from 'node:assert/strict'
import { connect } from 'mqtt'
import type { DerTelemetry } from '../platform/wire/payloads.ts'
import { TestBroker, until } from './broker.fixture.ts'
import { readFlags, type LoadFlags } from './flags.ts'
import { runLoad } from './run-load.ts'

describe('a run of the load', function () {
  this.timeout(60_000)
  const broker = new TestBroker()
  before(() => broker.start())
  after(() => broker.stop())

  it('brings as many readings as were asked for, and says how it fared', async () => {
    const observer = connect(broker.url, { protocolVersion: 4 })
    const numbers: number[] = []
    observer.on('message', (_topic, payload) => {
      for (const { estimated_power_w } of JSON.parse(payload.toString()) as DerTelemetry[])
        numbers.push(estimated_power_w!)
    })
    await observer.subscribeAsync('der/telemetry/+', { qos: 1 })
    const lines: string[] = []
    const flags = readFlags(['--rate', '2000', '--batch', '10', '--devices', '20', '--count', '5000'], {}) as LoadFlags
    const { over } = await runLoad(flags, { url: broker.url }, (line) => lines.push(line))
    await over
    await until('all readings', () => numbers.length >= 5_000)
    await observer.endAsync()
    assert.deepEqual(
      numbers.toSorted((one, other) => one - other),
      Array.from({ length: 5_000 }, (_, n) => n),
    )
    assert.match(lines[0]!, /^2000 readings\/s of 20 devices to mqtt:\/\/127\.0\.0\.1/)
    assert.match(lines[1]!, /^2 s: \d+ readings\/s sent, \d+\/s acknowledged, \d+ messages in flight, \d+ ms behind$/)
    assert.match(
      lines.at(-2)!,
      /^5000 readings in 500 messages acknowledged in \d+\.\d s: \d+ readings\/s, \d+\.\d\d cores$/,
    )
    assert.match(lines.at(-1)!, /^publish to PUBACK: p50 \d+\.\d\d ms, p99 \d+\.\d\d ms$/)
  })

  it('ends when it is told to, with what is on its way acknowledged', async () => {
    const lines: string[] = []
    const flags = readFlags(['--rate', '1000'], {}) as LoadFlags
    const { over, stop } = await runLoad(flags, { url: broker.url }, (line) => lines.push(line))
    await until('a report', () => lines.length > 1)
    stop()
    await over
    assert.match(lines.at(-2)!, /readings in \d+ messages acknowledged/)
  })
})
