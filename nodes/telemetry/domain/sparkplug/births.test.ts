import assert from 'node:assert/strict'
import { noon } from '../field.fixture.ts'
import { birthValues, readDefinitions, readMetrics, type Definitions } from './births.ts'
import { announced, datatypes, metric, word, type MetricOf } from './plant.fixture.ts'
import type { RawMetric } from './payload.ts'

const nobody = () => false
const define = (metrics: RawMetric[], taken: (alias: bigint) => boolean = nobody, room = 100) =>
  readDefinitions({ metrics }, taken, room)
const defined = (metrics: RawMetric[]): Definitions => {
  const definitions = define(metrics)
  assert.ok(!('fault' in definitions))
  return definitions
}

describe('what a birth defines', () => {
  it('is name, data type and alias of each metric (tck-id-payloads-alias-birth-requirement)', () => {
    const definitions = defined([announced('p_kw', 1, { alias: 7n }), word('type', 'pv')])
    assert.deepEqual(
      [...definitions.values()],
      [
        { name: 'p_kw', datatype: datatypes.Double, alias: 7n },
        { name: 'type', datatype: datatypes.String, alias: undefined },
      ],
    )
  })

  for (const [name, metrics, fault] of [
    [
      'without a name (tck-id-payloads-name-requirement)',
      [metric({ alias: 1n, value: 1, datatype: 10 })],
      /has no name/,
    ],
    [
      'without a data type (tck-id-payloads-metric-datatype-req)',
      [metric({ name: 'p', value: 1 })],
      /p of the birth has no data type/,
    ],
    [
      'under one alias twice (tck-id-payloads-alias-uniqueness)',
      [announced('a', 1, { alias: 1n }), announced('b', 1, { alias: 1n })],
      /alias 1 of metric b is another/,
    ],
    ['with two data types', [announced('a', 1), word('a', 'x')], /a stands in the birth with two data types/],
  ] as const)
    it(`is nothing where a metric stands ${name}`, () => {
      const result = define([...metrics])
      assert.ok('fault' in result)
      assert.equal(result.reason, 'bad_payload')
      assert.match(result.fault, fault)
    })

  it('is nothing where an alias is that of another device (tck-id-payloads-alias-uniqueness)', () => {
    const result = define([announced('a', 1, { alias: 9n })], (alias) => alias === 9n)
    assert.ok('fault' in result && /alias 9/.test(result.fault))
  })

  it('stands there once, though a birth may bring several values of a metric', () => {
    assert.equal(defined([announced('a', 1, { alias: 1n }), announced('a', 2, { alias: 1n })]).size, 1)
  })

  it('is bounded', () => {
    const many = Array.from({ length: 11 }, (_, index) => announced(`m${index}`, 1))
    assert.deepEqual(define(many, nobody, 10), {
      reason: 'too_many_items',
      fault: '11 metrics in a birth, there is room for 10',
    })
    const thousands = Array.from({ length: 5_001 }, (_, index) => announced(`m${index}`, 1))
    assert.ok('fault' in define(thousands, nobody, 1e6))
  })
})

describe('metrics of a payload', () => {
  const definitions = defined([
    announced('p_kw', 1, { alias: 7n }),
    metric({ name: 'count', datatype: datatypes.Int32, value: 1n }),
    metric({ name: 'table', datatype: datatypes.DataSet, value: { unsupported: true } }),
  ])
  const read = (more: MetricOf, timestamp?: number) =>
    readMetrics({ metrics: [metric(more)], ...(timestamp !== undefined && { timestamp }) }, definitions, (alias) =>
      alias === 7n ? 'p_kw' : undefined,
    )

  it('are found by alias alone, with the data type of the birth (tck-id-payloads-alias-data-cmd-requirement, tck-id-payloads-metric-datatype-not-req)', () => {
    assert.deepEqual(read({ alias: 7n, value: 2.5, timestamp: noon, quality: 192 }), {
      read: [{ name: 'p_kw', value: 2.5, at: noon, isHistorical: false, quality: 192 }],
      unsupported: 0,
    })
  })

  it('are found by name', () => {
    const result = read({ name: 'count', value: 0xffffffffn })
    assert.ok('read' in result)
    assert.equal(result.read[0]!.value, -1)
  })

  it('have their own instant before that of the payload (tck-id-payloads-name-birth-data-requirement)', () => {
    for (const [own, payload, at] of [
      [noon, 5, noon],
      [undefined, 5, 5],
      [undefined, undefined, undefined],
    ] as const) {
      const result = read({ alias: 7n, value: 1, ...(own !== undefined && { timestamp: own }) }, payload)
      assert.ok('read' in result)
      assert.equal(result.read[0]!.at, at)
    }
  })

  it('without a value have none, said or not (tck-id-operational-behavior-data-publish-dbirth-values)', () => {
    for (const value of [null, undefined]) {
      const result = read({ alias: 7n, value })
      assert.ok('read' in result)
      assert.equal(result.read[0]!.value, null)
    }
  })

  it('that the birth did not announce are named', () => {
    assert.deepEqual(read({ alias: 8n, value: 1 }), { unknown: 'alias 8' })
    assert.deepEqual(read({ name: 'q_kvar', value: 1 }), { unknown: 'metric q_kvar' })
    assert.deepEqual(read({ value: 1 }), { unknown: 'a metric without name and alias' })
  })

  it('of structures are counted, not read', () => {
    assert.deepEqual(read({ name: 'table', value: { unsupported: true } }), { read: [], unsupported: 1 })
  })

  it('that do not fit their type say so, where a number should be', () => {
    const result = read({ name: 'count', value: 1.5 })
    assert.ok('read' in result)
    assert.equal(result.read[0]!.value, 'number 1.5 is no value of data type 3')
  })

  it('of a birth are known by name, those of structures without a value', () => {
    const metrics = read({ alias: 7n, value: 4 })
    assert.ok('read' in metrics)
    assert.deepEqual(
      [...birthValues(definitions, metrics.read)],
      [
        ['p_kw', 4],
        ['count', undefined],
        ['table', undefined],
      ],
    )
  })
})
