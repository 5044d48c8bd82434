import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readTopic } from '../../../platform/wire/contract.ts'
import { contractExamples } from '../../../platform/wire/examples.ts'
import { reasons } from '../../../platform/wire/reasons.ts'
import type { Reading } from '../../../platform/wire/reading.ts'
import { exampleBody, exampleMessage, interpretAt, noon, outcomeOf, received, receivedAt } from './field.fixture.ts'
import { interpret, judgeTimestamp } from './interpret.ts'
import { defaultRules } from './rules.ts'

const pv = exampleBody('der', 'pv-generating')
const topic = 'der/telemetry/pv-001'

describe('interpret, the examples of the contract', () => {
  for (const { kind, shows, topic: on, payload } of contractExamples) {
    // What the platform says, and answers that others hear.
    if (!readTopic(on)) continue
    it(`${kind} ${shows} is understood whole`, () => {
      const { understood, rejected } = interpretAt(on, payload)
      assert.deepEqual(rejected, [])
      assert.equal(understood.length, Array.isArray(payload) ? payload.length : 1)
      for (const item of understood) assert.equal(item.value.receivedAt, receivedAt)
    })
  }

  const readings: [Parameters<typeof exampleMessage>, Partial<Reading>][] = [
    [
      ['der', 'pv-generating'],
      {
        at: noon,
        quality: 'good',
        labels: { type: 'pv' },
        values: {
          p_actual_kw: -3,
          p_setpoint_kw: -5,
          p_max_kw: 5,
          cloud_cover_pct: 25,
          shortwave_radiation_wm2: 640,
          estimated_power_w: -3072,
        },
      },
    ],
    [['der', 'pv-without-timestamp'], { at: receivedAt, quality: 'server-time' }],
    [
      ['der', 'battery-charging'],
      { at: noon, labels: { type: 'battery' }, values: { p_actual_kw: 2, soc: 0.45, p_max_kw: 4 } },
    ],
    [
      ['der', 'ev-with-car'],
      {
        labels: { type: 'ev', plugged_in: 'yes', departs_at: '2026-11-21T20:30:00.000Z' },
        values: { p_actual_kw: 6.6, p_setpoint_kw: 7.4, soc: 0.8, p_max_kw: 7.4, energy_needed_kwh: 18.4 },
      },
    ],
    [['der', 'ev-without-car'], { labels: { type: 'ev', plugged_in: 'no' } }],
    [
      ['panel', 'generating'],
      { at: noon, values: { temperature_celsius: 25.3, voltage_volts: 48.2, current_amperes: 8.5, power_w: -409.7 } },
    ],
    [
      ['panel', 'with-irradiance'],
      {
        values: {
          ...{ temperature_celsius: 25.3, voltage_volts: 48.2, current_amperes: 8.5, power_w: -409.7 },
          irradiance_wm2: 1012.5,
        },
      },
    ],
    [['panel', 'without-timestamp'], { at: receivedAt, quality: 'server-time' }],
    [['der', 'battery-questionable'], { at: noon, quality: 'questionable' }],
    [['panel', 'sensor-invalid'], { at: noon, quality: 'invalid' }],
    [['meter', 'three-phase-questionable'], { at: noon, quality: 'questionable' }],
    [
      ['meter', 'one-phase'],
      { labels: { aggregation: 'instant' }, values: { va_v: 127.2, ia_a: 7.1, p_kw: 0.88, interval_s: 1 } },
    ],
    [
      ['meter', 'contact-open'],
      { labels: { aggregation: 'mean', contact: 'open' }, values: { va_v: 127.4, ia_a: 0, p_kw: 0, interval_s: 60 } },
    ],
    [
      ['meter', 'two-phase'],
      {
        labels: { aggregation: 'mean' },
        values: { va_v: 127.9, vb_v: 126.3, ia_a: 9.4, ib_a: 8.8, p_kw: 2.2, interval_s: 60 },
      },
    ],
    [
      ['meter', 'ten-minute-rms'],
      { labels: { aggregation: 'rms' }, values: { va_v: 118.6, vb_v: 119.2, vc_v: 118.9, interval_s: 600 } },
    ],
    [
      ['switch', 'closed'],
      {
        quality: 'good',
        labels: { position: 'closed', mode: 'remote' },
        values: { ia_a: 84.2, ib_a: 86.1, ic_a: 83.7 },
      },
    ],
    [
      ['switch', 'intermediate-questionable'],
      { quality: 'questionable', labels: { position: 'intermediate', mode: 'remote' }, values: {} },
    ],
  ]
  for (const [example, expected] of readings) {
    it(`${example.join(' ')} becomes this reading`, () => {
      const [item] = interpret(exampleMessage(...example), defaultRules).understood
      assert.equal(item?.kind, 'reading')
      for (const [field, value] of Object.entries(expected))
        assert.deepEqual(Reflect.get(item.value, field), value, field)
    })
  }

  it('an event keeps what happened, and to which phases', () => {
    const [item] = interpret(exampleMessage('event', 'vtcd'), defaultRules).understood
    assert.deepEqual(item?.value, {
      deviceId: 'meter-003',
      eventId: 'vtcd-000017',
      type: 'vtcd',
      at: noon,
      receivedAt,
      quality: 'good',
      phases: 'A',
      cause: 'sag to 74 %, 180 ms',
    })
  })

  it('a Last Will says of its device that it is gone, and nothing else', () => {
    const [item] = interpret(exampleMessage('status', 'offline-last-will'), defaultRules).understood
    assert.deepEqual(item?.value, { deviceId: 'switch-001', online: false, at: receivedAt, receivedAt })
  })

  it('a status that the broker repeats is known by its time, and said to be repeated where it has none', () => {
    const [without, withTime] = [{}, { timestamp: noon }].map((time) => {
      const payload = JSON.stringify({ status: 'online', ...time })
      const message = { topic: 'grid/status/switch-001', payload, receivedAt, repeated: true }
      return interpret(message, defaultRules).understood[0]?.value
    })
    assert.deepEqual(without, { deviceId: 'switch-001', online: true, at: receivedAt, receivedAt, repeated: true })
    assert.deepEqual(withTime, { deviceId: 'switch-001', online: true, at: noon, receivedAt })
  })
})

describe('interpret, what it refuses', () => {
  const cases: [string, unknown, string, RegExp, string?][] = [
    ['a topic of nobody', pv, 'bad_topic', /der\/control\/pv-001/, 'der/control/pv-001'],
    ['a topic that no device can have', { status: 'online' }, 'bad_topic', /\\u0000/, 'grid/status/a\0b'],
    ['text that is no JSON', '{"deviceId": "pv-001",', 'bad_json', /JSON/],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'bad_json', /./],
    ['nothing at all', '', 'bad_json', /JSON/],
    ['NUL bytes', '\0\0\0', 'bad_json', /JSON/],
    ['NaN', '{"deviceId":"pv-001","p_actual_kw":NaN}', 'bad_json', /NaN/],
    ['a number alone', '42', 'bad_shape', /42/],
    ['null', 'null', 'bad_shape', /null/],
    ['an empty list', '[]', 'bad_shape', /empty/],
    ['a list in a list', '[[1]]', 'bad_shape', /\[1\]/],
    ['a list of words', '["a"]', 'bad_shape', /"a"/],
    ['an object of nothing', '{}', 'missing_field', /deviceId/],
    ['lists in lists without end', '['.repeat(100_000) + ']'.repeat(100_000), 'bad_shape', /deeper than 32/],
    [
      'objects in objects without end',
      '{"a":'.repeat(30_000) + '1' + '}'.repeat(30_000),
      'bad_shape',
      /deeper than 32/,
    ],
    ['more objects than fit', Array.from({ length: 5_001 }, () => 1), 'too_many_items', /5001 items, at most 5000/],
    ['a payload too large', ' '.repeat(262_145), 'payload_too_large', /262145 bytes, at most 262144/],
    ['a field that is missing', { ...pv, site_id: undefined }, 'missing_field', /site_id/],
    ['a prototype for a body', '{"__proto__": {"deviceId": "pv-001", "type": "pv"}}', 'missing_field', /deviceId/],
    ['a number as text', { ...pv, p_actual_kw: '3' }, 'bad_value', /p_actual_kw.*"3"/],
    ['a number that is null', { ...pv, p_actual_kw: null }, 'bad_value', /p_actual_kw.*null/],
    ['a number beyond all numbers', JSON.stringify(pv).replace(':3,', ':1e400,'), 'bad_value', /p_actual_kw.*Infinity/],
    ['a fraction for a priority', { ...pv, priority: 1.5 }, 'bad_value', /priority.*1\.5/],
    ['a state of charge in percent', { ...pv, soc: 45 }, 'out_of_range', /soc.*45.*1/],
    ['a power beyond all plants', { ...pv, p_actual_kw: 1e6 }, 'out_of_range', /p_actual_kw.*1000000/],
    [
      'half a character',
      JSON.stringify(exampleBody('panel', 'generating')).replace('Telhado', '\\ud83c'),
      'bad_value',
      /location/,
      'sensors/Panel-001/readings',
    ],
    [
      'a word that is none',
      exampleBody('switch', 'closed', { position: 'ajar' }),
      'bad_value',
      /position.*"ajar" must be open or closed or intermediate/,
      'grid/switches/switch-001/state',
    ],
    [
      'a phase below zero volts',
      exampleBody('meter', 'one-phase', { va_v: -1 }),
      'out_of_range',
      /va_v.*-1/,
      'grid/meters/meter-001/readings',
    ],
    [
      'a current inside a switch',
      exampleBody('switch', 'closed', { currents: { ia_a: 'x' } }),
      'bad_value',
      /currents\.ia_a.*"x"/,
      'grid/switches/switch-001/state',
    ],
    ['another device than the topic', { ...pv, deviceId: 'pv-002' }, 'topic_mismatch', /pv-002.*pv-001/],
    ['a timestamp without offset', { ...pv, timestamp: '2026-11-21T12:00:00' }, 'bad_timestamp', /2026-11-21T12:00:00/],
    ['31 February', { ...pv, timestamp: '2026-02-31T12:00:00Z' }, 'bad_timestamp', /2026-02-31/],
    ['a timestamp beyond all calendars', { ...pv, timestamp: 1e300 }, 'bad_timestamp', /1e\+300/],
    ['a timestamp before 1970', { ...pv, timestamp: -5.5 }, 'too_old', /-5\.5/],
    ['epoch seconds', { ...pv, timestamp: noon / 1_000 }, 'too_old', /epoch seconds/],
    [
      'a clock an hour ahead',
      { ...pv, timestamp: noon + 3_600_000 },
      'too_far_ahead',
      /timestamp \d+ is 3598000 ms ahead/,
    ],
    ['a DER beyond its rating', { ...pv, p_actual_kw: 7 }, 'implausible', /p_actual_kw 7.*p_max_kw 5/],
  ]
  for (const [what, payload, reason, detail, on = topic] of cases) {
    it(`${what}: ${reason}`, () => {
      const { understood, rejected } = interpretAt(on, payload)
      assert.deepEqual(understood, [])
      assert.equal(rejected.length, 1)
      assert.equal(rejected[0]!.reason, reason, rejected[0]!.detail)
      assert.match(rejected[0]!.detail, detail)
      assert.ok(rejected[0]!.detail.length < 500)
    })
  }

  it('has a case here for every reason that interpretation can give', () => {
    const others = ['conflicting_duplicate', 'unknown_device', 'awaiting_approval', 'device_rejected', 'kind_mismatch']
    const sparkplug = ['bad_payload', 'not_born', 'sequence_gap', 'not_mapped']
    const later = [...others, ...sparkplug, 'registration_limit', 'storage_refused']
    const given = new Set([...cases.map(([, , reason]) => reason), ...later])
    assert.deepEqual([...given].sort(), Object.keys(reasons).sort())
  })

  it('keeps a single object as it was written, for whoever looks into it later', () => {
    const written = '{ "deviceId":"pv-001", "p_actual_kw": 1e400 }'
    assert.equal(interpretAt(topic, written).rejected[0]!.payload, written)
  })

  it('keeps of a list only the object concerned, and understands the others', () => {
    const { understood, rejected } = interpretAt(topic, [pv, { ...pv, soc: 2 }, 7, pv])
    assert.equal(understood.length, 2)
    assert.deepEqual(
      rejected.map(({ payload }) => JSON.parse(payload as string) as unknown),
      [{ ...pv, soc: 2 }, 7],
    )
  })

  it('keeps no more of a payload than would have been accepted', () => {
    const { rejected } = interpretAt(topic, new Uint8Array(1_000_000))
    assert.equal(rejected[0]!.payload.length, defaultRules.maxPayloadBytes)
  })
})

describe('interpret, whatever comes', () => {
  const items = fc.oneof(fc.constant(pv), fc.jsonValue() as fc.Arbitrary<unknown>)

  it('every object of a payload comes out exactly once (property)', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1, maxLength: 20 }), (list) => {
        const { understood, rejected } = interpretAt(topic, list)
        assert.equal(understood.length + rejected.length, list.length)
      }),
    )
  })

  it('takes the last of two fields with one name, as JSON does', () => {
    const twice = JSON.stringify(pv).replace('"p_actual_kw":3', '"p_actual_kw":99,"p_actual_kw":2')
    assert.equal((interpretAt(topic, twice).understood[0]!.value as Reading).values['p_actual_kw'], -2)
  })

  it('does not mind a byte order mark, blanks, or fields that it does not know', () => {
    const bytes = new TextEncoder().encode(
      `\ufeff ${JSON.stringify({ ...pv, vendor: { a: [1] }, constructor: 1, __proto__x: 2 })}\n`,
    )
    assert.equal(interpretAt(topic, bytes).understood.length, 1)
  })

  it('numbers come out exactly as they were sent (property)', () => {
    const volts = fc.double({ min: 0, max: 300_000, noNaN: true })
    fc.assert(
      fc.property(volts, (va_v) => {
        const { value } = outcomeOf(
          'meter',
          'meter-001',
          exampleBody('meter', 'one-phase', { va_v, ia_a: null, p_kw: undefined }),
        )
        assert.equal((value as Reading).values['va_v'], va_v === 0 ? 0 : va_v)
      }),
    )
  })

  it('never throws for arbitrary topics and bytes (property)', () => {
    const payload = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), fc.json())
    const topics = fc.oneof(fc.constantFrom(...contractExamples.map((one) => one.topic)), fc.string())
    fc.assert(
      fc.property(topics, payload, (on, bytes) => {
        const { understood, rejected } = interpret(received(on, bytes), defaultRules)
        assert.ok(understood.length + rejected.length > 0)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('judgeTimestamp', () => {
  const { maxAheadMs, maxAgeMs, lateAfterMs } = defaultRules
  for (const [ageMs, verdict] of [
    [0, 'good'],
    [lateAfterMs, 'good'],
    [lateAfterMs + 1, 'late'],
    [maxAgeMs, 'late'],
    [maxAgeMs + 1, 'too_old'],
    [-maxAheadMs, 'good'],
    [-maxAheadMs - 1, 'too_far_ahead'],
  ] as const) {
    it(`${ageMs} ms old is ${verdict}`, () => {
      const judged = judgeTimestamp(receivedAt - ageMs, receivedAt, defaultRules)
      assert.equal('reason' in judged ? judged.reason : judged.quality, verdict)
    })
  }

  it('suspects epoch seconds only where they would be right', () => {
    const detail = (timestamp: number | string) => {
      const judged = judgeTimestamp(timestamp, receivedAt, defaultRules)
      return 'detail' in judged ? judged.detail : ''
    }
    assert.match(detail(receivedAt / 1_000), /milliseconds/)
    assert.doesNotMatch(detail(1), /milliseconds/)
    assert.doesNotMatch(detail('1999-01-01T00:00:00Z'), /milliseconds/)
  })
})

describe('interpret, objects without a timestamp in one array', () => {
  it('gives each an instant of its own, the last one now', () => {
    const { timestamp: _, ...panel } = exampleBody('panel', 'without-timestamp')
    const { understood } = interpretAt(`sensors/${String(panel['panel_id'])}/readings`, [panel, panel, panel])
    assert.deepEqual(
      understood.map(({ value }) => value.at - receivedAt),
      [-2, -1, 0],
    )
  })
})

describe('interpret, what another protocol found at fault already', () => {
  it('is refused for that reason, as it came, without a look inside', () => {
    const refusal = { reason: 'not_born', detail: 'no birth of it was seen', deviceId: 'm-1' } as const
    const message = { ...received('spBv1.0/plant/NDATA/edge', new Uint8Array([1, 2])), refusal }
    assert.deepEqual(interpret(message, defaultRules), {
      understood: [],
      rejected: [{ topic: message.topic, payload: message.payload, receivedAt, ...refusal }],
    })
  })
})
