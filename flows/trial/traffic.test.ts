import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { after, before, describe, it } from 'mocha'
import { installation } from '../../platform/runtime/installation.ts'
import { isHanded, mostBytes, mostMessages, readTraffic, writeLine, type RecordedMessage } from './traffic.ts'

describe('recorded traffic', () => {
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'traffic-'))))
  after(() => rmSync(folder, { recursive: true }))

  const file = (): string => join(folder, 'traffic.jsonl')
  const read = (text: string) => {
    writeFileSync(file(), text)
    return readTraffic(file())
  }
  const message = (more: Partial<RecordedMessage> = {}): RecordedMessage => ({
    ...{ at: Date.UTC(2026, 2, 10), topic: 'a/b', payload: Buffer.from('x'), qos: 1, retain: false },
    ...more,
  })

  it('comes back as it was, whatever the payload (property)', async () => {
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    )
    const messages = fc.record(
      {
        at: fc.integer({ min: 0, max: 4e12 }),
        topic: fc.stringMatching(/^[a-z]{1,5}(\/[a-z0-9-]{1,5}){0,3}$/),
        payload: payloads.map((bytes) => Buffer.from(bytes)),
        qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
        retain: fc.boolean(),
      },
      { noNullPrototype: true },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(messages, { minLength: 1, maxLength: 5 }), async (all) => {
        assert.deepEqual(await read(all.map(writeLine).join('')), all)
      }),
      { numRuns: 100 },
    )
  })

  it('stands as an object where that is exact, as text or bytes where it is not', () => {
    const written = (payload: string | Buffer) => JSON.parse(writeLine(message({ payload: Buffer.from(payload) })))
    assert.deepEqual(written('{"p_kw":1.5}').payload, { p_kw: 1.5 })
    assert.equal(written('{"p_kw": 1.50}').payload, '{"p_kw": 1.50}')
    assert.equal(written('online').payload, 'online')
    assert.equal(written(Buffer.from([0xff, 0])).base64, '/wA=')
  })

  it('may hold notes, and messages for one node', async () => {
    const lines = await read(
      '# noon\n\n{"at":1,"to":"ask","msg":{"payload":1}}\r\n// and\n{"at":2,"topic":"a","payload":"b"}\n',
    )
    assert.deepEqual(lines, [
      { at: 1, to: 'ask', msg: { payload: 1 } },
      message({ at: 2, topic: 'a', payload: Buffer.from('b') }),
    ])
    assert.equal(isHanded(lines[0]!), true)
  })

  const refused: Record<string, [text: string, fault: RegExp]> = {
    'a line cut off': ['{"at":1,"topic":"a","payload":"b"}\n{"at":', /line 2: not JSON: "{\\"at\\":"/],
    'a list': ['[1]', /line 1: is \[1\], not an object/],
    'no instant': ['{"topic":"a","payload":""}', /at is not there: it takes ISO 8601/],
    'an instant without offset': [
      '{"at":"2026-03-10T12:00:00","topic":"a","payload":""}',
      /at is "2026-03-10T12:00:00"/,
    ],
    'a filter for a topic': ['{"at":1,"topic":"a/#","payload":""}', /topic is "a\/#"/],
    'no payload': ['{"at":1,"topic":"a"}', /payload is not there/],
    'a payload that is a number': ['{"at":1,"topic":"a","payload":5}', /payload is 5/],
    'bytes that are none': ['{"at":1,"topic":"a","base64":"%%"}', /base64 is "%%", not Base64/],
    'both payloads': ['{"at":1,"topic":"a","base64":"AA==","payload":""}', /both given/],
    'a QoS of 3': ['{"at":1,"topic":"a","payload":"","qos":3}', /qos is 3/],
    'a retain of "no"': ['{"at":1,"topic":"a","payload":"","retain":"no"}', /retain is "no"/],
    'a node without a name': ['{"at":1,"to":""}', /to is ""/],
    'a message that is text': ['{"at":1,"to":"n","msg":"go"}', /msg is "go"/],
    nothing: ['# only a note\n', /holds no messages/],
  }
  for (const [what, [text, fault]] of Object.entries(refused)) {
    it(`with ${what} is refused, with the line and the value`, () =>
      assert.rejects(read(text), { name: 'TrafficError', message: fault }))
  }

  it('is bounded, and must be there', async () => {
    await assert.rejects(
      read('{"at":1,"topic":"a","payload":""}\n'.repeat(mostMessages + 1)),
      /more than 100000 messages/,
    )
    truncateSync(file(), mostBytes + 1)
    await assert.rejects(readTraffic(file()), /bytes are too many/)
    await assert.rejects(readTraffic(join(folder, 'none.jsonl')), /none.jsonl: is not there/)
    await assert.rejects(readTraffic(folder), /is no file/)
  })

  it('of ours has every kind of message', async () => {
    const lines = await readTraffic(join(installation, 'flows', 'trial', 'field.jsonl'))
    const topics = new Set(lines.map((line) => ('topic' in line ? line.topic.replace(/[\w]+-\d+/, '+') : '')))
    assert.deepEqual([...topics].toSorted(), [
      'der/telemetry/+',
      'grid/events/+',
      'grid/meters/+/readings',
      'grid/status/+',
      'grid/switches/+/state',
      'sensors/+/readings',
    ])
  })
})
