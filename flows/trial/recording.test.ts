import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../../platform/runtime/embedded-broker.ts'
import { record, type Recorded, type RecordingOptions } from './recording.ts'
import { isHanded, readTraffic, type RecordedMessage } from './traffic.ts'

describe('a recording', function () {
  this.timeout(60_000)
  let folder: string
  let broker: EmbeddedBroker
  let field: MqttClient
  let over: AbortController
  let number = 0
  const file = (): string => join(folder, `${number}.jsonl`)

  before(() => (folder = mkdtempSync(join(tmpdir(), 'recording-'))))
  after(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    number++
    over = new AbortController()
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access: 'everybody' })
    field = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 })
  })
  afterEach(async () => {
    await field.endAsync(true)
    await broker.stop()
  })

  const start = (more: Partial<RecordingOptions> = {}): Promise<Recorded> =>
    record({
      ...{ url: `mqtt://127.0.0.1:${broker.port}`, connection: {}, topics: ['grid/#'], file: file() },
      ...{ durationMs: 60_000, progress: () => undefined, signal: over.signal },
      ...more,
    })
  const written = (): string => readFileSync(file(), 'utf8')
  /** Publishes until the recording has it: only then does it listen. */
  const listening = () =>
    waitUntil('the recording to listen', async () => {
      await field.publishAsync('grid/ready', 'now', { qos: 1 })
      try {
        return written().includes('grid/ready')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        return false
      }
    })

  it('has every message of its topics, as it came, and can be played', async () => {
    await field.publishAsync('grid/status/m-1', '{"status":"online"}', { qos: 1, retain: true })
    const recording = start()
    await listening()
    await field.publishAsync('grid/meters/m-1/readings', Buffer.from([0xff, 1]), { qos: 0 })
    await field.publishAsync('der/telemetry/pv-1', 'of another topic', { qos: 1 })
    await field.publishAsync('grid/end', '', { qos: 1 })
    await waitUntil('the last message', () => written().includes('grid/end'))
    over.abort()
    const { messages, ended } = await recording
    assert.equal(ended, 'interrupted')
    const lines = (await readTraffic(file())).filter((line): line is RecordedMessage => !isHanded(line))
    assert.equal(lines.length, messages)
    const others = lines
      .filter(({ topic }) => topic !== 'grid/ready')
      .map(({ topic, payload, qos, retain }) => ({ topic, payload, qos, retain }))
    assert.deepEqual(others, [
      { topic: 'grid/status/m-1', payload: Buffer.from('{"status":"online"}'), qos: 1, retain: true },
      { topic: 'grid/meters/m-1/readings', payload: Buffer.from([0xff, 1]), qos: 0, retain: false },
      { topic: 'grid/end', payload: Buffer.from(''), qos: 1, retain: false },
    ])
  })

  it('takes nothing away from a session that is away, and leaves none behind', async () => {
    const session = { clientId: 'ours', clean: false, reconnectPeriod: 0 }
    const url = `mqtt://127.0.0.1:${broker.port}`
    const ours = await connectAsync(url, session)
    await ours.subscribeAsync('grid/#', { qos: 1 })
    await ours.endAsync()
    const recording = start()
    await listening()
    over.abort()
    await recording
    const again = await connectAsync(url, { ...session, manualConnect: false }, false)
    const came = new Promise((resolve) => again.once('message', resolve))
    assert.equal(await came, 'grid/ready')
    await again.endAsync(true)
  })

  it('ends by itself, also with nothing', async () => {
    const { messages, ended } = await start({ durationMs: 200 })
    assert.deepEqual([messages, ended, written()], [0, undefined, ''])
  })

  it('says when the broker has gone', async () => {
    const recording = start()
    await listening()
    await field.endAsync(true)
    await broker.stop()
    assert.match((await recording).ended ?? '', /^mqtt:\/\/127.0.0.1:\d+(: .*ECONNRESET| closed the connection)/)
  })

  it('overwrites nothing, and says when there is no broker', async () => {
    await start({ durationMs: 50 })
    await assert.rejects(start(), { name: 'RecordingError', message: /is there already: name another file/ })
    await assert.rejects(start({ url: 'mqtt://127.0.0.1:1' }), { name: 'RecordingError', message: /cannot be reached/ })
  })
})
