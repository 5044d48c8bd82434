import assert from 'node:assert/strict'
import fc from 'fast-check'
import { get } from 'sparkplug-payload'
import type { UMetric, UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js'
import protocol from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import { readValue } from './domain/sparkplug/datatype.ts'
import { decodePayload, encodeRebirthRequest } from './sparkplug-payload.ts'

const { encodePayload, decodePayload: decodeAsOthersDo } = get('spBv1.0')!
const { Payload } = protocol.org.eclipse.tahu.protobuf

/** Decodes what Eclipse Tahu's package encoded. */
function decoded(payload: UPayload) {
  const result = decodePayload(encodePayload(payload), 1e6)
  assert.ok(!('reason' in result))
  return result
}
const metricOf = (metric: Partial<UMetric> & Pick<UMetric, 'type' | 'value'>) =>
  decoded({ metrics: [metric] }).metrics[0]!

describe('decoding a Sparkplug payload', () => {
  it('gives timestamp and number, 0 among them, as numbers', () => {
    const { timestamp, seq } = decoded({ timestamp: 1_795_186_800_123, seq: 0, metrics: [] })
    assert.deepEqual([timestamp, seq], [1_795_186_800_123, 0])
  })

  it('leaves out what is not in it', () => {
    assert.deepEqual(decodePayload(new Uint8Array(), 10), { metrics: [] })
    const bare = Payload.encode(Payload.create({ metrics: [{ alias: 0 }] })).finish()
    assert.deepEqual(decodePayload(bare, 100), { metrics: [{ alias: 0n, isHistorical: false, value: undefined }] })
  })

  for (const [type, value, raw, read] of [
    ['Int8', -1, 0xffffffffn, -1],
    ['Int32', -2147483648, 0x80000000n, -2147483648],
    ['UInt16', 65535, 65535n, 65535],
    ['Int64', -5, 0xfffffffffffffffbn, -5],
    ['UInt32', 4294967295, 4294967295n, 4294967295],
    ['UInt64', 9007199254740991, 9007199254740991n, 9007199254740991],
    ['Float', 127.1, Math.fround(127.1), 127.1],
    ['Double', 0.1, 0.1, 0.1],
    ['Boolean', false, false, false],
    ['String', 'çã 💡', 'çã 💡', 'çã 💡'],
  ] as const)
    it(`reads ${type} ${value} as Eclipse Tahu's package writes it`, () => {
      const metric = metricOf({ name: 'x', type, value })
      assert.equal(metric.value, raw)
      assert.equal(readValue(metric.value, metric.datatype!), read)
    })

  it('reads a value without a data type beside it, which the package itself does not (tck-id-payloads-metric-datatype-not-req)', () => {
    const bytes = Payload.encode(Payload.create({ metrics: [{ alias: 3, doubleValue: 2.5 }] })).finish()
    assert.equal(decodeAsOthersDo(bytes).metrics![0]!.value, null)
    const result = decodePayload(bytes, 100)
    assert.ok('metrics' in result)
    assert.deepEqual(result.metrics[0], { alias: 3n, isHistorical: false, value: 2.5 })
  })

  it('keeps apart null, nothing and structures', () => {
    assert.equal(metricOf({ name: 'x', type: 'Double', value: null }).value, null)
    const dataSet = { numOfColumns: 1, columns: ['a'], types: ['Double' as const], rows: [[1 as never]] }
    assert.deepEqual(metricOf({ name: 'x', type: 'DataSet', value: dataSet }).value, { unsupported: true })
    assert.deepEqual(metricOf({ name: 'x', type: 'Bytes', value: new Uint8Array([1]) }).value, { unsupported: true })
  })

  it('takes what else a metric has: timestamp, history, quality', () => {
    const properties = {
      engUnit: { type: 'String' as const, value: 'kW' },
      Quality: { type: 'Int32' as const, value: 500 },
    }
    const metric = metricOf({
      name: 'p',
      type: 'Double',
      value: 1,
      timestamp: 1_795_186_800_001,
      isHistorical: true,
      properties,
    })
    assert.deepEqual(
      [metric.name, metric.timestamp, metric.isHistorical, metric.quality],
      ['p', 1_795_186_800_001, true, 500],
    )
  })

  it('says what is wrong with bytes that are none', () => {
    for (const bytes of [Buffer.from('{"p_kw": 1}'), Buffer.from([0x12, 0xff, 0xff]), Buffer.alloc(3, 0xff)]) {
      const result = decodePayload(bytes, 100)
      assert.ok('reason' in result)
      assert.equal(result.reason, 'bad_payload')
      assert.ok(result.detail.length > 5)
    }
  })

  it('does not fall over structures that are nested without end', () => {
    let nested: protobufTemplate = { isDefinition: false }
    for (let level = 0; level < 3_000; level++) nested = { metrics: [{ name: 'm', templateValue: nested }] }
    const bytes = Payload.encode(Payload.create({ metrics: [{ name: 'm', templateValue: nested }] })).finish()
    const result = decodePayload(bytes, 1e6)
    assert.ok('reason' in result || result.metrics.length === 1)
  })

  it('refuses what is too large before it looks inside', () => {
    assert.deepEqual(decodePayload(new Uint8Array(11), 10), {
      reason: 'payload_too_large',
      detail: '11 bytes, at most 10',
    })
  })

  it('never throws, whatever the bytes, also those of a payload with one bit changed (property)', () => {
    const sound = encodePayload({ timestamp: 1, seq: 3, metrics: [{ name: 'x', alias: 1, type: 'Double', value: 1 }] })
    const changed = fc.tuple(fc.nat({ max: sound.length - 1 }), fc.nat({ max: 7 })).map(([at, bit]) => {
      const bytes = Uint8Array.from(sound)
      bytes[at]! ^= 1 << bit
      return bytes
    })
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), changed), (bytes) => void decodePayload(bytes, 1e6)))
  })
})

type protobufTemplate = protocol.org.eclipse.tahu.protobuf.Payload.ITemplate

describe('a request for births', () => {
  it('is the metric Node Control/Rebirth, true (tck-id-operational-behavior-data-commands-ncmd-rebirth-name, tck-id-operational-behavior-data-commands-ncmd-rebirth-value, tck-id-topics-ncmd-payload)', () => {
    const { metrics } = decodeAsOthersDo(encodeRebirthRequest(1_795_186_800_000))
    assert.deepEqual(
      metrics?.map(({ name, type, value }) => [name, type, value]),
      [['Node Control/Rebirth', 'Boolean', true]],
    )
  })

  it('says when it was sent, and has no number (tck-id-payloads-ncmd-timestamp, tck-id-topics-ncmd-timestamp, tck-id-payloads-ncmd-seq, tck-id-payloads-name-cmd-requirement)', () => {
    const payload = decodePayload(encodeRebirthRequest(1_795_186_800_000), 100)
    assert.ok('metrics' in payload)
    assert.deepEqual(
      [payload.timestamp, payload.seq, payload.metrics[0]?.timestamp],
      [1_795_186_800_000, undefined, 1_795_186_800_000],
    )
  })

  it('writes to a metric that a birth announces, with a value of its type (tck-id-operational-behavior-data-commands-ncmd-metric-name, tck-id-operational-behavior-data-commands-ncmd-metric-value)', () => {
    const payload = decodePayload(encodeRebirthRequest(0), 100)
    assert.ok('metrics' in payload)
    assert.deepEqual(
      [payload.metrics[0]?.name, payload.metrics[0]?.datatype, payload.metrics[0]?.value],
      ['Node Control/Rebirth', 11, true],
    )
  })
})
