import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import { get } from 'sparkplug-payload'
import type { UMetric } from 'sparkplug-payload/lib/sparkplugbpayload.js'
import { type EmbeddedBroker, startEmbeddedBroker } from '../../platform/runtime/embedded-broker.ts'
import type { FlowNode } from '../../platform/runtime/flow-arrangement.ts'
import { installation } from '../../platform/runtime/installation.ts'

interface Answer {
  code: number
  /** What it answered. */
  out: string
  /** What it told meanwhile. */
  err: string
}

const folder = mkdtempSync(join(tmpdir(), 'flows-test-'))
/** Where the command keeps what it needs for a while. */
const temporary = join(folder, 'temporary')
mkdirSync(temporary)

/** The command as somebody types it, in a process of its own. */
function flowsTest(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const script = join(import.meta.dirname, 'main.js')
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary }
    execFile(process.execPath, [script, ...args], { cwd: installation, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

const telemetry = JSON.parse(readFileSync(join(installation, 'flows', 'telemetry.json'), 'utf8')) as FlowNode[]
const place = { z: 'lv-telemetry', x: 400, y: 140 }

const functionNode = (func: string, more: Record<string, unknown> = {}): FlowNode => ({
  ...{ id: 'mine', type: 'function', ...place, name: 'mine', func, outputs: 1, timeout: 0, noerr: 0 },
  ...{ initialize: '', finalize: '', libs: [], wires: [['lv-telemetry-store']] },
  ...more,
})

/** The shipped tab with a node of an engineer between telemetry in and store, and whatever else he put there. */
const tabWith = (node: FlowNode, ...others: FlowNode[]): FlowNode[] => [
  ...telemetry.map((one) =>
    one.id === 'lv-telemetry-in' ? { ...one, wires: [[node.id], ['lv-telemetry-store']] } : one,
  ),
  node,
  ...others,
]

describe('npm run flows:test', function () {
  this.timeout(60_000)
  let broker: EmbeddedBroker | undefined
  after(() => rmSync(folder, { recursive: true }))
  afterEach(async () => {
    await broker?.stop()
    broker = undefined
  })

  function write(name: string, content: string | object[]): string {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const tryTab = (flows: object[], ...args: string[]): Promise<Answer> =>
    flowsTest('--changed', write('changed.json', flows), ...args)

  it('works at once, with no running system: the shipped flow and traffic', async () => {
    const { code, out } = await flowsTest()
    assert.match(out, /Tab Telemetry, as it is in flows\n/)
    assert.match(out, /stored +der +37\n/)
    assert.match(out, /It went through without errors\.\n$/)
    assert.equal(code, 0)
  })

  it('finds no difference between the shipped flow and itself, and leaves nothing behind', async () => {
    const { code, out } = await flowsTest(
      '--changed',
      join(installation, 'flows', 'telemetry.json'),
      '--expect',
      'same',
    )
    assert.match(out, /no difference to the deployed tab\.\n$/)
    assert.equal(code, 0)
    assert.deepEqual(readdirSync(temporary), [])
  })

  const dropsHighVoltage = functionNode(
    `if (msg.topic === 'meter') msg.payload = msg.payload.filter(({ values }) => !(values.va_v > 130 && values.va_v < 200))\nreturn msg`,
  )

  it('shows what a function node drops, and fails where nothing may differ', async () => {
    const { code, out } = await tryTab(tabWith(dropsHighVoltage))
    assert.match(out, /stored .*\n(.*\n)*? +meter +60 +59 +−1\n/)
    assert.match(out, /1 stored meter missing: meter-008\n +meter-008 2026-03-10T15:00:10\.180Z: va_v 137\.2,/)
    assert.match(out, /without errors; 1 difference to the deployed tab\.\n$/)
    assert.equal(code, 0)
    assert.equal((await tryTab(tabWith(dropsHighVoltage), '--expect', 'same')).code, 1)
  })

  it('tells programs the fields that changed', async () => {
    const rounds = functionNode(
      `for (const { values } of msg.payload) if (values?.va_v) values.va_v = Math.round(values.va_v)\nreturn msg`,
    )
    const { code, out } = await tryTab(tabWith(rounds), '--json')
    const { comparison, failures } = JSON.parse(out) as {
      comparison: { differences: { device: string; key: string; fields: object[] }[] }
      failures: string[]
    }
    const first = comparison.differences.find(({ device }) => device === 'meter-001')!
    assert.deepEqual(first.fields, [{ field: 'values.va_v', before: 127.5, now: 128 }])
    assert.deepEqual([code, failures], [0, []])
  })

  it('fails for a function node that throws: who threw, how often, and what was never settled', async () => {
    const { code, out } = await tryTab(
      tabWith(functionNode(`if (msg.topic === 'der') throw new Error('a slip')\nreturn msg`)),
    )
    assert.match(out, /function "mine": Error: a slip.*, 10 times, taken by no Catch node/)
    assert.match(out, /10 batches never settled: 37 items, der from telemetry-in/)
    assert.match(out, /It failed: 10 errors that no Catch node took; 10 batches never settled/)
    assert.equal(code, 1)
  })

  it('tells errors that a Catch node takes apart', async () => {
    const all = { id: 'catch', type: 'catch', ...place, name: 'all', scope: null, uncaught: false, wires: [[]] }
    const slips = functionNode(`if (msg.topic === 'event') node.error('a slip', msg)\nreturn msg`)
    const { code, out } = await tryTab(tabWith(slips, all))
    assert.match(out, /function "mine": a slip, 3 times, taken by catch "all"/)
    assert.equal(code, 0)
  })

  it('ends an endless loop, and names the node', async () => {
    const loops = functionNode(`if (msg.topic === 'meter') for (;;) {}\nreturn msg`)
    const { code, out } = await tryTab(tabWith(loops), '--timeout', '8')
    assert.match(out, /it did not answer for 8 s; the last node active was function "mine"/)
    assert.equal(code, 1)
  })

  it('ends messages that go round in a circle', async () => {
    const there = functionNode('return msg', { wires: [['back']] })
    const back = functionNode('return msg', { id: 'back', name: 'back', wires: [['mine']] })
    const { code, out } = await tryTab(tabWith(there, back), '--settle', '1')
    assert.match(
      out,
      /messages still go round 1 s after message \d+ \(function "(mine|back)"\): do wires make a circle\?/,
    )
    assert.equal(code, 1)
  })

  it('says what would end Node-RED itself', async () => {
    const lost = functionNode(`Promise.resolve().then(() => { throw new Error('lost') })\nreturn msg`)
    const { code, out } = await tryTab(tabWith(lost))
    assert.match(out, /an error that no node takes, and that would end Node-RED: .*lost/)
    assert.equal(code, 1)
  })

  it('refuses nodes of unknown type, and names them', async () => {
    const { code, out, err } = await tryTab(tabWith(functionNode('', { type: 'acme-smooth' })))
    assert.match(
      err,
      /tab Telemetry has nodes of unknown type: "acme-smooth" \(node mine\); no installed module brings it/,
    )
    assert.deepEqual([code, out], [1, ''])
  })

  it('waits for what a delay holds', async () => {
    const delay = { pauseType: 'delay', timeout: '1', timeoutUnits: 'seconds', rate: '1' }
    const { code, out } = await tryTab(tabWith(functionNode('', { type: 'delay', ...delay })), '--expect', 'same')
    assert.match(out, /no difference/)
    assert.equal(code, 0)
  })

  it("plays in the recording's time: what was recorded long ago is not too old, for function nodes neither", async () => {
    const late = functionNode(`if (Date.now() - msg.payload[0].receivedAt > 1000) node.error('late', msg)\nreturn msg`)
    const { code, out } = await tryTab(tabWith(late), '--expect', 'same')
    assert.match(out, /no difference/)
    assert.equal(code, 0)
  })

  it('publishes nothing, and reaches nothing else: it shows what would have gone out', async () => {
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access: 'everybody' })
    const url = `mqtt://127.0.0.1:${broker.port}`
    const listener = await connectAsync(url, { reconnectPeriod: 0 })
    const heard: string[] = []
    listener.on('message', (topic) => heard.push(topic))
    await listener.subscribeAsync('#')
    const alarms = functionNode(
      `const high = msg.topic === 'meter' ? msg.payload.filter(({ values }) => values.va_v > 135 && values.va_v < 200) : []
       return [msg, high.map(({ deviceId, values }) => ({ topic: 'grid/alarms/' + deviceId, payload: { va_v: values.va_v } }))]`,
      { outputs: 2, wires: [['lv-telemetry-store'], ['out', 'ask', 'shell']] },
    )
    const marker = join(folder, 'ran')
    const others = [
      {
        id: 'out',
        type: 'mqtt out',
        ...place,
        name: 'alarms',
        topic: '',
        qos: '1',
        retain: 'true',
        broker: 'b',
        wires: [],
      },
      {
        id: 'b',
        type: 'mqtt-broker',
        broker: '127.0.0.1',
        port: String(broker.port),
        protocolVersion: '4',
        autoConnect: true,
      },
      {
        id: 'ask',
        type: 'http request',
        ...place,
        name: 'ask',
        method: 'POST',
        url: `http://127.0.0.1:${broker.port}`,
        wires: [[]],
      },
      { id: 'shell', type: 'exec', ...place, name: '', command: `touch ${marker}`, addpay: '', wires: [[], [], []] },
    ]
    const { code, out } = await tryTab(tabWith(alarms, ...others))
    assert.match(out, /mqtt out "alarms"\n +published +grid\/alarms\/meter-008 +0 +1 +\+1\n/)
    assert.match(
      out,
      /published grid\/alarms\/meter-008 new\n +\{"topic":"grid\/alarms\/meter-008","payload":\{"va_v":137.2\},"qos":1,"retain":true\}/,
    )
    assert.match(out, /http request "ask"\n +requested over HTTP +grid\/alarms\/meter-008 +0 +1/)
    assert.match(out, /run as a command +grid\/alarms\/meter-008 +0 +1/)
    assert.equal(code, 0)
    // In order: had anything been published, it would have come before this.
    const last = new Promise<void>((resolve) => listener.on('message', (topic) => topic === 'last' && resolve()))
    await listener.publishAsync('last', '', { qos: 1 })
    await last
    await listener.endAsync()
    assert.deepEqual(heard, ['last'])
    assert.throws(() => readFileSync(marker), { code: 'ENOENT' })
  })

  it('tries a tab of one’s own: MQTT, an inject that a line speaks for, a dashboard, a link to another tab', async () => {
    const own = { z: 'own', x: 1, y: 1 }
    const tab = [
      { id: 'own', type: 'tab', label: 'My tab' },
      {
        id: 'in',
        type: 'mqtt in',
        ...own,
        name: '',
        topic: 'site/+/kw',
        qos: '1',
        datatype: 'json',
        broker: 'b',
        wires: [['double']],
      },
      { id: 'b', type: 'mqtt-broker', broker: 'elsewhere', port: '1883', protocolVersion: '4', autoConnect: true },
      { ...functionNode('msg.payload.kw *= 2\nreturn msg'), ...own, id: 'double', wires: [['text', 'away']] },
      { id: 'text', type: 'ui-text', ...own, name: 'power', group: '', wires: [] },
      { id: 'away', type: 'link out', ...own, name: 'away', mode: 'link', links: ['on-another-tab'], wires: [] },
      {
        id: 'tick',
        type: 'inject',
        ...own,
        name: 'tick',
        props: [{ p: 'payload', v: '{"kw":1}', vt: 'json' }],
        repeat: '1',
        wires: [['double']],
      },
    ]
    const traffic = write(
      'mine.jsonl',
      [
        '{"at":"2026-03-10T15:00:00Z","topic":"site/a/kw","payload":{"kw":2}}',
        '{"at":"2026-03-10T15:00:01Z","topic":"elsewhere","payload":"x"}',
        '{"at":"2026-03-10T15:00:02Z","to":"tick"}',
      ].join('\n'),
    )
    const { code, out } = await tryTab(tab, '--traffic', traffic)
    assert.match(out, /ui-text "power"\n +shown on the dashboard +1\n +site\/a\/kw +1\n +in all +2/)
    assert.match(out, /link out "away"\n +sent to another tab/)
    assert.match(out, /the deployed flows have no tab My tab: there is nothing to compare with/)
    assert.match(out, /1 of 3 messages reached no node of the tab/)
    assert.match(out, /inject tick repeats/)
    assert.equal(code, 0)
  })

  it('plays Sparkplug B: what an edge node is born with and reports, and what it is asked', async () => {
    const { encodePayload } = get('spBv1.0')!
    const at = Date.UTC(2026, 2, 10, 15)
    const line = (topic: string, seq: number, metrics: object[]): string => {
      const bytes = encodePayload({ timestamp: at + seq, seq, metrics: metrics as UMetric[] })
      const base64 = Buffer.from(bytes).toString('base64')
      return JSON.stringify({ at: at + 1_000 * seq, topic: `spBv1.0/plant/${topic}`, base64, qos: 0 })
    }
    const traffic = write(
      'sparkplug.jsonl',
      [
        line('NBIRTH/gw-1', 0, [{ name: 'bdSeq', type: 'Int64', value: 0 }]),
        line('DBIRTH/gw-1/meter-1', 1, [
          { name: 'Linha Viva/kind', type: 'String', value: 'meter', timestamp: at },
          { name: 'Meter/va_v', alias: 1, type: 'Float', value: 127.5, timestamp: at },
        ]),
        line('DDATA/gw-1/meter-1', 2, [{ alias: 1, type: 'Float', value: 128.5, timestamp: at + 1_000 }]),
        line('DDATA/gw-2/meter-2', 3, [{ alias: 1, type: 'Float', value: 1, timestamp: at + 1_000 }]),
      ].join('\n'),
    )
    const { code, out } = await flowsTest('--traffic', traffic)
    assert.match(out, /stored +meter +2\n/)
    assert.match(
      out,
      /sparkplug-in .*\n +published +spBv1\.0\/STATE\/linha-viva +1\n +spBv1\.0\/plant\/NCMD\/gw-2 +1\n/,
    )
    assert.equal(code, 0)
  })

  it('says what is wrong with what it was given, in a line', async () => {
    const cases: [args: string[], code: number, message: RegExp][] = [
      [['--changed', write('cut.json', '[{"id":')], 1, /cut\.json: not JSON at line 1/],
      [['--changed', join(folder, 'none.json')], 1, /none\.json: is not there/],
      [
        ['--tab', 'weather'],
        1,
        /flows: holds no tab "weather"; it has Telemetry, Quality, Continuity, Alarms, Commands, Feeders, Solar, Console, First screen/,
      ],
      [['--traffic', write('bad.jsonl', '{"at":1}')], 1, /bad\.jsonl line 1: topic is not there/],
      [['--registry', folder], 1, /holds none of feeders\.csv/],
      [['--tap', 'x'], 2, /unknown flag --tap/],
    ]
    for (const [args, expected, message] of cases) {
      const { code, out, err } = await flowsTest(...args)
      assert.match(err || out, message)
      assert.equal(code, expected, args.join(' '))
    }
  })

  it('records what the broker carries', async () => {
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access: 'everybody' })
    const url = `mqtt://127.0.0.1:${broker.port}`
    const field = await connectAsync(url, { reconnectPeriod: 0 })
    await field.publishAsync('grid/status/m-1', '{"status":"online"}', { qos: 1, retain: true })
    await field.endAsync()
    const file = join(folder, 'recorded.jsonl')
    const { code, out } = await flowsTest('--record', file, '--for', '1s', '--url', url)
    assert.match(out, /recorded\.jsonl: 1 message, 1 kB\n/)
    assert.equal(code, 0)
    assert.match(
      readFileSync(file, 'utf8'),
      /"topic":"grid\/status\/m-1","payload":\{"status":"online"\},"qos":1,"retain":true/,
    )
    assert.equal((await flowsTest('--traffic', file)).code, 0)
  })
})
