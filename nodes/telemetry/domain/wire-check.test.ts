import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readTopic } from '../../../platform/wire/contract.ts'
import { contractExamples } from '../../../platform/wire/examples.ts'
import type { TelemetryBatch } from '../messages.ts'
import { exampleMessage, interpretAt, receivedAt } from './field.fixture.ts'
import { interpret } from './interpret.ts'
import { defaultRules } from './rules.ts'
import { isBatchTopic, wireFault } from './wire-check.ts'

const valueOf = (...example: Parameters<typeof exampleMessage>) =>
  interpret(exampleMessage(...example), defaultRules).understood[0]!.value
const der = valueOf('der', 'ev-charging')
const meter = valueOf('meter', 'one-phase')
const panel = valueOf('panel', 'generating')
const switched = valueOf('switch', 'closed')
const vtcd = valueOf('event', 'vtcd')
const online = valueOf('status', 'online')
const refused = { topic: 'x', payload: '{}', reason: 'bad_topic', detail: 'topic "x"', receivedAt }

describe('wireFault', () => {
  it('lets through whatever interpretation gives', () => {
    for (const { topic, payload } of contractExamples) {
      const kind = readTopic(topic)?.kind
      if (!kind) continue
      for (const { value } of interpretAt(topic, payload).understood) assert.equal(wireFault(kind, value), undefined)
    }
    assert.equal(wireFault('quarantine', refused), undefined)
    assert.equal(wireFault('quarantine', { ...refused, payload: Uint8Array.of(255) }), undefined)
  })

  it('lets through what an engineer adds to a reading without touching it', () => {
    assert.equal(
      wireFault('der', { ...der, note: { seen: true }, values: { ...('values' in der && der.values), p_net_kw: 1 } }),
      undefined,
    )
  })

  const cases: [string, TelemetryBatch['topic'], unknown, RegExp][] = [
    ['NaN for a power', 'der', { ...der, values: { p_actual_kw: NaN } }, /^values\.p_actual_kw: NaN must be number$/],
    ['infinity for a power', 'der', { ...der, values: { p_actual_kw: Infinity } }, /^values\.p_actual_kw: Infinity/],
    ['a power as text', 'der', { ...der, values: { p_actual_kw: '3' } }, /^values\.p_actual_kw: "3" must be number$/],
    ['a power of null', 'der', { ...der, values: { p_actual_kw: null } }, /^values\.p_actual_kw: null must be number$/],
    ['values that are a list', 'der', { ...der, values: [1] }, /^values: \[1\]/],
    ['no values', 'der', { ...der, values: undefined }, /^values/],
    ['another kind than its batch', 'der', meter, /^kind: "meter" must be der$/],
    ['a kind that is none', 'meter', { ...meter, kind: 'gas' }, /^kind: "gas" must be meter$/],
    [
      'a label that nobody knows',
      'der',
      { ...der, labels: { type: 'ev', colour: 'red' } },
      /^labels: .*colour.*additional/,
    ],
    [
      'a car that is perhaps there',
      'der',
      { ...der, labels: { type: 'ev', plugged_in: 'maybe' } },
      /^labels\.plugged_in: "maybe" must be yes or no$/,
    ],
    [
      'a departure in the words of the device',
      'der',
      { ...der, labels: { type: 'ev', departs_at: '2026-11-21T17:30:00-03:00' } },
      /^labels\.departs_at: "2026-11-21T17:30:00-03:00"/,
    ],
    ['a label on a panel', 'panel', { ...panel, labels: { type: 'pv' } }, /^labels: .*pv/],
    ['a label that is no word', 'der', { ...der, labels: { type: 3 } }, /^labels\.type: 3 must be string$/],
    ['a switch without its position', 'switch', { ...switched, labels: { mode: 'local' } }, /^position is missing$/],
    [
      'a switch that is ajar',
      'switch',
      { ...switched, labels: { position: 'ajar', mode: 'local' } },
      /^labels\.position: "ajar" must be open or closed or intermediate$/,
    ],
    ['a meter without labels', 'meter', { ...meter, labels: undefined }, /^labels/],
    [
      'a contact that is ajar',
      'meter',
      { ...meter, labels: { aggregation: 'rms', contact: 'ajar' } },
      /^labels\.contact: "ajar" must be open or closed$/,
    ],
    ['a quality that is none', 'meter', { ...meter, quality: 'fine' }, /^quality: "fine" must be good or late/],
    [
      'an instant as text',
      'meter',
      { ...meter, at: '2026-11-21T12:00:00Z' },
      /^at: "2026-11-21T12:00:00Z" must be number$/,
    ],
    ['an instant between milliseconds', 'meter', { ...meter, at: 1.5 }, /^at: 1\.5/],
    ['an instant before 1970', 'meter', { ...meter, at: -1 }, /^at: -1/],
    ['an instant beyond all calendars', 'meter', { ...meter, at: 9e15 }, /^at: 9000000000000000/],
    ['a date object', 'meter', { ...meter, at: new Date(0) }, /^at: "1970/],
    ['no time of receipt', 'meter', { ...meter, receivedAt: undefined }, /^receivedAt/],
    ['a device without a name', 'meter', { ...meter, deviceId: '' }, /^deviceId: ""/],
    ['a device name that no text column holds', 'meter', { ...meter, deviceId: 'a\0' }, /^deviceId: "a\\u0000"/],
    ['an event of no type', 'event', { ...vtcd, type: 'rain' }, /^type: "rain" must be power_lost or/],
    ['a cause that no text column holds', 'event', { ...vtcd, cause: 'a\0' }, /^cause: "a\\u0000"/],
    ['phases out of order', 'event', { ...vtcd, phases: 'CBA' }, /^phases: "CBA"/],
    ['presence that is neither', 'status', { ...online, online: 'yes' }, /^online: "yes" must be boolean$/],
    ['a capability that is no text', 'status', { ...online, capabilities: [1] }, /^capabilities\.0: 1 must be string$/],
    [
      'a reason that is none',
      'quarantine',
      { ...refused, reason: 'dislike' },
      /^reason: "dislike" must be bad_topic or/,
    ],
    [
      'a payload that is an object',
      'quarantine',
      { ...refused, payload: { a: 1 } },
      /^payload: {"a":1} must be text or bytes$/,
    ],
    ['nothing', 'der', undefined, /^item: undefined must be object$/],
    ['null', 'event', null, /^item: null must be object$/],
    ['a number', 'quarantine', 7, /^item: 7 must be object$/],
  ]
  for (const [what, topic, item, detail] of cases) {
    it(`refuses ${what}`, () => assert.match(wireFault(topic, item) ?? 'no fault', detail))
  }

  it('never throws, whatever an item has become (property)', () => {
    const topic = fc.constantFrom('der', 'panel', 'meter', 'switch', 'event', 'status', 'quarantine') as fc.Arbitrary<
      TelemetryBatch['topic']
    >
    fc.assert(
      fc.property(
        topic,
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (of, item) => {
          assert.equal(typeof wireFault(of, item), 'string')
        },
      ),
    )
  })
})

describe('isBatchTopic', () => {
  it('knows the topics of batches, and nothing else', () => {
    for (const topic of ['der', 'panel', 'meter', 'switch', 'event', 'status', 'quarantine'])
      assert.ok(isBatchTopic(topic))
    for (const topic of ['', 'control', 'der/telemetry/a', 'toString', '__proto__', 7, undefined, null, ['der']])
      assert.ok(!isBatchTopic(topic))
  })
})
