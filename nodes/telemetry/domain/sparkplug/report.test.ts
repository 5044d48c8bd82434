import assert from 'node:assert/strict'
import fc from 'fast-check'
import { noon } from '../field.fixture.ts'
import { roleOf } from './mapping.ts'
import { readMappingRules, type WrittenRule } from './mapping-rules.ts'
import { DeviceReport, type ReadMetric } from './report.ts'

const address = { group: 'plant', edgeNode: 'gw', device: 'd' }
function reportOf(rule: WrittenRule, metrics: string[] = []): DeviceReport {
  const role = roleOf(address, new Map(metrics.map((name) => [name, 0])), readMappingRules([rule]))
  assert.ok('target' in role && role.target)
  return new DeviceReport(role.target)
}
const meter = () => reportOf({ kind: 'meter' }, ['va_v', 'vb_v', 'p_kw', 'frequency_hz'])
const read = (name: string, value: ReadMetric['value'], more: Partial<ReadMetric> = {}): ReadMetric => ({
  ...{ name, value, at: noon, isHistorical: false, quality: undefined, ...more },
})
const bodies = (messages: ReturnType<DeviceReport['changes']>) => messages.map(({ body }) => body)
const rest = { meter_id: 'plant.gw.d', interval_s: 1, aggregation: 'instant' }

describe('the report of a device', () => {
  it('of a birth is one reading, at the instant of its newest value', () => {
    const messages = meter().birth([
      read('va_v', 127, { at: noon - 60_000 }),
      read('p_kw', 2),
      read('vb_v', 126, { at: noon - 5 }),
    ])
    assert.deepEqual(messages, [
      { topic: 'grid/meters/plant.gw.d/readings', body: { ...rest, timestamp: noon, va_v: 127, vb_v: 126, p_kw: 2 } },
    ])
  })

  it('of a change has what did not change, too: report by exception (tck-id-topics-ddata-payload)', () => {
    const report = meter()
    report.birth([read('va_v', 127), read('p_kw', 2)])
    assert.deepEqual(bodies(report.changes([read('p_kw', 3, { at: noon + 1_000 })])), [
      { ...rest, timestamp: noon + 1_000, va_v: 127, p_kw: 3 },
    ])
  })

  it('of one message is a reading for each instant, in the order of time (tck-id-operational-behavior-data-publish-dbirth-order)', () => {
    const report = meter()
    report.birth([read('va_v', 127), read('p_kw', 2)])
    const changes = [
      read('p_kw', 5, { at: noon + 2 }),
      read('va_v', 128, { at: noon + 1 }),
      read('va_v', 129, { at: noon + 2 }),
    ]
    assert.deepEqual(bodies(report.changes(changes)), [
      { ...rest, timestamp: noon + 1, va_v: 128, p_kw: 2 },
      { ...rest, timestamp: noon + 2, va_v: 129, p_kw: 5 },
    ])
  })

  it('of historical values stands alone, and changes nothing of what holds now', () => {
    const report = meter()
    report.birth([read('va_v', 127), read('p_kw', 2)])
    const past = [
      read('va_v', 110, { at: noon - 9_000, isHistorical: true }),
      read('p_kw', 9, { at: noon - 9_000, isHistorical: true }),
    ]
    const alone = [read('va_v', 111, { at: noon - 8_000, isHistorical: true })]
    assert.deepEqual(bodies(report.changes([...alone, ...past])), [
      { ...rest, timestamp: noon - 9_000, va_v: 110, p_kw: 9 },
      { ...rest, timestamp: noon - 8_000, va_v: 111 },
    ])
    assert.deepEqual(bodies(report.changes([read('p_kw', 3, { at: noon + 1 })])), [
      { ...rest, timestamp: noon + 1, va_v: 127, p_kw: 3 },
    ])
  })

  it('of historical values has what describes the device, which was the same then', () => {
    const der = reportOf({ kind: 'der' }, ['type', 'site_id', 'feeder_id', 'p_max_kw', 'p_actual_kw', 'soc'])
    der.birth([
      read('type', 'battery'),
      read('site_id', 's'),
      read('feeder_id', 'f'),
      read('p_max_kw', 5),
      read('p_actual_kw', 1),
      read('soc', 0.5),
    ])
    const [past] = bodies(der.changes([read('p_actual_kw', 3, { at: noon - 1, isHistorical: true })]))
    assert.deepEqual(past, {
      ...{
        deviceId: 'plant.gw.d',
        timestamp: noon - 1,
        type: 'battery',
        site_id: 's',
        feeder_id: 'f',
        p_max_kw: 5,
        p_actual_kw: 3,
      },
    })
  })

  it('of a birth leaves historical values apart', () => {
    const messages = meter().birth([read('va_v', 127), read('p_kw', 9, { at: noon - 9_000, isHistorical: true })])
    assert.deepEqual(bodies(messages), [
      { ...rest, timestamp: noon - 9_000, p_kw: 9 },
      { ...rest, timestamp: noon, va_v: 127 },
    ])
  })

  it('of a value older than the last reading stands alone: what holds now did not hold then', () => {
    const report = meter()
    report.birth([read('va_v', 127), read('p_kw', 2)])
    assert.deepEqual(bodies(report.changes([read('p_kw', 7, { at: noon - 1 })])), [
      { ...rest, timestamp: noon - 1, p_kw: 7 },
    ])
    assert.deepEqual(bodies(report.changes([read('va_v', 128, { at: noon + 1 })])), [
      { ...rest, timestamp: noon + 1, va_v: 128, p_kw: 2 },
    ])
  })

  it('of a value older than the last reading holds from then on, where it is newer than what held', () => {
    const report = meter()
    report.birth([read('va_v', 127), read('vb_v', 127), read('p_kw', 2)])
    report.changes([read('p_kw', 3, { at: noon + 1_000 })])
    // The meter's phases are read a moment before its power, and reported after it.
    assert.deepEqual(bodies(report.changes([read('vb_v', 90, { at: noon + 990 })])), [
      { ...rest, timestamp: noon + 990, vb_v: 90 },
    ])
    assert.deepEqual(bodies(report.changes([read('p_kw', 4, { at: noon + 2_000 })])), [
      { ...rest, timestamp: noon + 2_000, va_v: 127, vb_v: 90, p_kw: 4 },
    ])
  })

  it('of changes in one millisecond, sent one by one, is a reading each: two of one instant would be in conflict', () => {
    const report = meter()
    report.birth([read('va_v', 127), read('p_kw', 2)])
    const at = noon + 1_000
    const said = [
      report.changes([read('va_v', 128, { at })]),
      report.changes([read('p_kw', 3, { at })]),
      report.changes([read('vb_v', 90, { at })]),
      report.changes([read('p_kw', 4, { at: at + 1_000 })]),
    ]
    assert.deepEqual(bodies(said.flat()), [
      { ...rest, timestamp: at, va_v: 128, p_kw: 2 },
      { ...rest, timestamp: at + 1, va_v: 128, p_kw: 3 },
      { ...rest, timestamp: at + 2, va_v: 128, vb_v: 90, p_kw: 3 },
      { ...rest, timestamp: at + 1_000, va_v: 128, vb_v: 90, p_kw: 4 },
    ])
  })

  it('of what nobody mapped is nothing', () => {
    const report = meter()
    assert.deepEqual(report.birth([read('Temperature', 20)]), [])
    assert.deepEqual(report.changes([read('Temperature', 21)]), [])
  })

  it('has no timestamp where none was sent: the contract decides what that means', () => {
    const [body] = bodies(meter().birth([read('va_v', 127, { at: undefined })]))
    assert.ok(!('timestamp' in body!))
  })

  it('turns units by the factor, without the dust of binary fractions', () => {
    const report = reportOf({ kind: 'meter', fields: [{ field: 'p_kw', fromType: 'metric', from: 'W', scale: 0.001 }] })
    for (const [watts, kw] of [
      [1_500, 1.5],
      [1_234.5, 1.2345],
      [-7, -0.007],
      [0, 0],
      [4_350, 4.35],
    ] as const)
      assert.equal(bodies(report.changes([read('W', watts)]))[0]!['p_kw'], kw)
  })

  it('says words for values, and passes on what has no word, for the contract to refuse', () => {
    const words = 'true=closed, false=open'
    const report = reportOf(
      { kind: 'switch', fields: [{ field: 'position', fromType: 'metric', from: 'Closed', words }] },
      ['mode'],
    )
    for (const [value, position] of [
      [true, 'closed'],
      [false, 'open'],
      [2, '2'],
    ] as const)
      assert.equal(bodies(report.changes([read('Closed', value)]))[0]!['position'], position)
  })

  it('puts currents of a switch where the contract has them', () => {
    const report = reportOf({ kind: 'switch' }, ['position', 'mode', 'ia_a', 'ib_a'])
    const [body] = bodies(
      report.birth([read('position', 'open'), read('mode', 'local'), read('ia_a', 0), read('ib_a', null)]),
    )
    assert.deepEqual(body, {
      ...{ switch_id: 'plant.gw.d', timestamp: noon, position: 'open', mode: 'local', quality: 'good' },
      currents: { ia_a: 0, ib_a: null },
    })
  })

  it('null is an absent phase, and elsewhere no value at all (tck-id-operational-behavior-data-publish-nbirth-values)', () => {
    const [body] = bodies(meter().birth([read('va_v', 127), read('vb_v', null), read('p_kw', null)]))
    assert.deepEqual(body, { ...rest, timestamp: noon, va_v: 127, vb_v: null })
  })

  it('never makes an absent phase of what is no number', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const [body] = bodies(meter().birth([read('va_v', value)]))
      assert.equal((JSON.parse(JSON.stringify(body)) as Record<string, unknown>)['va_v'], String(value))
    }
  })

  for (const [codes, quality] of [
    [[192, 192], undefined],
    [[undefined, 192], undefined],
    [[192, 500], 'questionable'],
    [[500, 0], 'invalid'],
    [[0, 192], 'invalid'],
    [[192, 64], 'questionable'],
  ] as const)
    it(`of the qualities ${codes.join(' and ')} is ${quality ?? 'good'} (tck-id-payloads-propertyset-quality-value-value)`, () => {
      const [body] = bodies(
        meter().birth([read('va_v', 1, { quality: codes[0] }), read('p_kw', 1, { quality: codes[1] })]),
      )
      assert.equal(body!['quality'], quality)
    })

  it('is as good again as its values are', () => {
    const report = meter()
    report.birth([read('va_v', 127, { quality: 500 })])
    const [body] = bodies(report.changes([read('va_v', 127, { at: noon + 1, quality: 192 })]))
    assert.ok(!('quality' in body!))
  })

  it('never has a value of another instant in a historical reading, nor a historical one in a current (property)', () => {
    const names = ['va_v', 'vb_v', 'p_kw', 'frequency_hz'] as const
    const change = fc.record({
      name: fc.constantFrom(...names),
      at: fc.integer({ min: noon - 50, max: noon + 50 }),
      isHistorical: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 15 }), (messages) => {
        const report = meter()
        // Every value says which instant it is of, and whether it is historical.
        const valueOf = (at: number, isHistorical: boolean) => (at - noon) * 2 + (isHistorical ? 1 : 0)
        report.birth([read('va_v', valueOf(noon, false))])
        for (const changes of messages)
          for (const { body } of report.changes(
            changes.map(({ name, at, isHistorical }) => read(name, valueOf(at, isHistorical), { at, isHistorical })),
          )) {
            const values = names.flatMap((name) => (typeof body[name] === 'number' ? [body[name]] : []))
            const historical = values.filter((value) => Math.abs(value % 2) === 1)
            if (historical.length > 0)
              assert.ok(values.every((value) => Math.floor(value / 2) + noon === body['timestamp']))
            else assert.ok(values.every((value) => value / 2 + noon <= (body['timestamp'] as number)))
          }
      }),
    )
  })
})
