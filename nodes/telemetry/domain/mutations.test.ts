import assert from 'node:assert/strict'
import fc from 'fast-check'
import { contractExamples } from '../../../platform/wire/examples.ts'
import { instrumentMeasures } from '../../../platform/wire/payloads.ts'
import { readTopic, type FieldKind } from '../../../platform/wire/contract.ts'
import { isReason } from '../../../platform/wire/reasons.ts'
import { noon, received } from './field.fixture.ts'
import { interpret, type FieldMessage, type Understood } from './interpret.ts'
import { defaultRules } from './rules.ts'
import { wireFault } from './wire-check.ts'

type Body = Record<string, unknown>

const incoming = contractExamples.filter(({ kind }) => kind !== 'control')
const topics = incoming.map(({ topic }) => topic)
const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', '0', 'NaN', -0, 1e-320, 1e300, -1e300, 2 ** 53 + 1, [], {}, [null], {
    a: 1,
  }),
  fc.constantFrom<unknown>(
    '\0',
    '\ud800',
    '💡',
    'é'.repeat(300),
    '__proto__',
    'x'.repeat(100_000),
    '2026-02-31T00:00:00Z',
  ),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
)
const names = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'length', ''), fc.string())
const position = fc.noBias(fc.nat({ max: 10_000 }))

/** A change to one object of a valid payload. */
const changeOfBody: fc.Arbitrary<(body: Body) => unknown> = fc.oneof(
  position.map((at) => (body: Body) => edited(body, at, () => [])),
  fc.tuple(position, names).map(
    ([at, name]) =>
      (body: Body) =>
        edited(body, at, ([, value]) => [[name, value]]),
  ),
  fc.tuple(position, strange).map(
    ([at, value]) =>
      (body: Body) =>
        edited(body, at, ([name]) => [[name, value]]),
  ),
  fc.tuple(position, fc.constantFrom(-1, 0.001, 1_000, 1e6, 1e308, 60 * 60 * 24 * 1_000)).map(
    ([at, factor]) =>
      (body: Body) =>
        edited(body, at, ([name, value]) => [[name, scaled(value, factor)]]),
  ),
  fc.tuple(position, position).map(([at, from]) => (body: Body) => {
    const values = Object.values(body)
    return edited(body, at, ([name]) => [[name, values[from % values.length]]])
  }),
  fc.tuple(names, strange).map(([name, value]) => (body: Body) => ({ ...body, [name]: value })),
  fc
    .constantFrom(0, -1, noon / 1_000, noon + 1e7, 1e300, '2026-11-21T12:00:00', '2026-02-31T12:00:00Z', noon - 1e6)
    .map((timestamp) => (body: Body) => ({ ...body, timestamp })),
  strange.map((value) => () => value),
)

/** A change to the text of a payload. */
const changeOfText: fc.Arbitrary<(text: string) => string | Uint8Array> = fc.oneof(
  { weight: 30, arbitrary: fc.constant((text: string) => text) },
  position.map((at) => (text: string) => text.slice(0, at % text.length)),
  position.map((at) => (text: string) => text.slice(at % text.length)),
  fc.tuple(position, fc.nat({ max: 7 })).map(([at, bit]) => (text: string) => {
    const bytes = new TextEncoder().encode(text)
    bytes[at % bytes.length]! ^= 1 << bit
    return bytes
  }),
  fc.tuple(position, fc.string({ unit: 'binary' })).map(([at, insert]) => (text: string) => {
    const cut = at % text.length
    return text.slice(0, cut) + insert + text.slice(cut)
  }),
  position.map((at) => (text: string) => text.replace(',', `,${text.split(',')[at % text.split(',').length]},`)),
  fc
    .constantFrom('1e400', '-1e400', 'NaN', '1'.repeat(400), '0.1e-400', '"\\u0000"', '[[[[[[[[]]]]]]]]')
    .map((value) => (text: string) => text.replace(/:[^,}\]]+/, `:${value}`)),
  fc.constantFrom(2, 50).map((times) => (text: string) => `[${Array.from({ length: times }, () => text).join()}]`),
)

const mutated: fc.Arbitrary<FieldMessage> = fc
  .record({
    example: fc.constantFrom(...incoming),
    changes: fc.array(changeOfBody, { minLength: 1, maxLength: 2 }),
    text: changeOfText,
    topic: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, fc.constantFrom(...topics), fc.string()),
  })
  .map(({ example, changes, text, topic }) => {
    const bodies = [example.payload].flat() as Body[]
    const items: unknown[] = bodies.map((body) =>
      changes.reduce<unknown>((one, change) => change(isBody(one) ? one : body), body),
    )
    const payload = Array.isArray(example.payload) ? items : items[0]
    return received(topic ?? example.topic, text(JSON.stringify(payload) ?? 'null'))
  })

describe('2,000 random mutations of valid payloads', () => {
  const seen = { understood: 0, rejected: 0, reasons: new Set<string>() }

  it('never crash, are never understood as nonsense, and are refused with a reason and its detail', () => {
    fc.assert(
      fc.property(mutated, (message) => {
        const { understood, rejected } = interpret(message, defaultRules)
        assert.ok(understood.length + rejected.length > 0, 'something must come out')
        for (const item of understood) assertSense(item, message)
        for (const one of rejected) {
          assert.ok(isReason(one.reason))
          assert.ok(one.detail.length > 0 && one.detail.length < 500, one.detail)
          assert.equal(one.topic, message.topic)
          assert.ok(typeof one.payload === 'string' || one.payload instanceof Uint8Array)
          seen.reasons.add(one.reason)
        }
        seen.understood += understood.length
        seen.rejected += rejected.length
      }),
      { numRuns: 2_000 },
    )
  })

  it('reach both sides: some are still sound, and most reasons are met', () => {
    assert.ok(seen.understood > 100 && seen.rejected > 500, `${seen.understood} understood, ${seen.rejected} rejected`)
    const usual = [
      'bad_json',
      'bad_shape',
      'bad_topic',
      'bad_value',
      'missing_field',
      'out_of_range',
      'topic_mismatch',
      'bad_timestamp',
      'too_old',
      'implausible',
    ]
    assert.deepEqual(
      usual.filter((reason) => !seen.reasons.has(reason)),
      [],
    )
  })
})

/** The widest that each value of a reading can be, whoever sends it: [least, most]. */
const ranges: Record<string, [number, number]> = {
  p_actual_kw: [-1e5, 1e5],
  p_setpoint_kw: [-1e5, 1e5],
  p_max_kw: [0, 1e5],
  soc: [0, 1],
  cloud_cover_pct: [0, 100],
  shortwave_radiation_wm2: [0, 1_500],
  estimated_power_w: [-1e8, 1e8],
  energy_needed_kwh: [0, 1e4],
  temperature_celsius: [-20, 80],
  irradiance_wm2: [0, 1_600],
  voltage_volts: [0, 60],
  current_amperes: [0, 15],
  power_w: [-1_000, 0],
  va_v: [0, 3e5],
  vb_v: [0, 3e5],
  vc_v: [0, 3e5],
  ia_a: [0, 2e4],
  ib_a: [0, 2e4],
  ic_a: [0, 2e4],
  p_kw: [-1e6, 1e6],
  q_kvar: [-1e6, 1e6],
  frequency_hz: [40, 80],
  interval_s: [1, 600],
  ...Object.fromEntries(instrumentMeasures.map((name) => [name, [0, 100]])),
}

function assertSense({ kind, value, topic, claim }: Understood, message: FieldMessage): void {
  const named = readTopic(topic)
  assert.equal(value.deviceId, named?.deviceId)
  assert.equal(claim.deviceId, value.deviceId)
  assert.ok(Number.isInteger(value.at))
  assert.ok(
    value.at >= message.receivedAt - defaultRules.maxAgeMs && value.at <= message.receivedAt + defaultRules.maxAheadMs,
  )
  const batch: FieldKind = kind === 'reading' ? value.kind : kind
  assert.equal(batch, named?.kind)
  assert.equal(wireFault(batch, value), undefined)
  if (kind !== 'reading') return
  for (const [name, number] of Object.entries(value.values)) {
    const [least, most] = ranges[name] ?? [NaN, NaN]
    assert.ok(number >= least && number <= most, `${name} is ${number}`)
    assert.ok(!Object.is(number, -0) || name !== 'power_w')
  }
}

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
const scaled = (value: unknown, factor: number): unknown => (typeof value === 'number' ? value * factor : value)

/** The body with one of its fields changed, taken out, or made several. */
function edited(body: Body, at: number, change: (field: [string, unknown]) => [string, unknown][]): Body {
  const fields = Object.entries(body)
  return Object.fromEntries(fields.flatMap((field, index) => (index === at % fields.length ? change(field) : [field])))
}
