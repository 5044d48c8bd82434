import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isIdentifier } from '../../../../platform/wire/fields.ts'
import type { MetricValue } from './datatype.ts'
import { identifierOf, roleOf } from './mapping.ts'
import { readMappingRules, type WrittenRule } from './mapping-rules.ts'

const meter = { group: 'plant', edgeNode: 'gw-1', device: 'meter-7' }
const births = (values: Record<string, MetricValue>) => new Map(Object.entries(values))
const role = (values: Record<string, MetricValue>, rules: WrittenRule[] = [], address = meter) =>
  roleOf(address, births(values), readMappingRules(rules))
const fieldsOf = (result: ReturnType<typeof role>) =>
  'target' in result
    ? result.target?.sources.map(({ field, metric, constant }) => [field.path, metric ?? constant])
    : result

describe('what a device is', () => {
  it('it says itself, and its metrics bear the names of the fields, in a folder or not', () => {
    const result = role({ 'Linha Viva/kind': 'meter', va_v: 127, 'Meter/p_kw': 1, 'Other/stuff': 3 })
    assert.deepEqual(fieldsOf(result), [
      ['va_v', 'va_v'],
      ['p_kw', 'Meter/p_kw'],
      ['interval_s', 1],
      ['aggregation', 'instant'],
    ])
    assert.equal('deviceId' in result && result.deviceId, 'plant.gw-1.meter-7')
  })

  it('a rule says, whatever the device says; what the rule does not name is found by its name', () => {
    const rule: WrittenRule = {
      kind: 'switch',
      fields: [{ field: 'position', fromType: 'metric', from: 'Breaker/Closed' }],
    }
    const result = role({ 'Linha Viva/kind': 'meter', 'Breaker/Closed': true, mode: 'remote', 'I/ia_a': 3 }, [rule])
    assert.deepEqual(fieldsOf(result), [
      ['position', 'Breaker/Closed'],
      ['mode', 'mode'],
      ['currents.ia_a', 'I/ia_a'],
    ])
  })

  it('the first rule that fits says', () => {
    const rules: WrittenRule[] = [{ kind: 'panel', device: 'x*' }, { kind: 'meter' }, { kind: 'switch' }]
    const result = role({}, rules)
    assert.equal('target' in result && result.target?.kind, 'meter')
  })

  it('a metric of its own goes before the usual interval and aggregation', () => {
    const result = role({ 'Linha Viva/kind': 'meter', va_v: 127, interval_s: 600, aggregation: 'rms' })
    assert.deepEqual((fieldsOf(result) as unknown[]).slice(1), [
      ['interval_s', 'interval_s'],
      ['aggregation', 'aggregation'],
    ])
  })

  it('a metric without a folder goes before one in a folder', () => {
    assert.deepEqual((fieldsOf(role({ 'Linha Viva/kind': 'meter', 'A/p_kw': 1, p_kw: 2 })) as unknown[])[0], [
      'p_kw',
      'p_kw',
    ])
  })

  it('an edge node may be nothing but present', () => {
    assert.deepEqual(roleOf({ group: 'plant', edgeNode: 'gw-1' }, new Map(), []), { deviceId: 'plant.gw-1' })
  })

  for (const [name, values, fault] of [
    ['nobody says', {}, /^plant\/gw-1\/meter-7: neither a rule nor its metric Linha Viva\/kind says what it is$/],
    ['it says null', { 'Linha Viva/kind': null }, /neither a rule nor/],
    [
      'it says what there is not',
      { 'Linha Viva/kind': 'boiler' },
      /Linha Viva\/kind is "boiler", it takes der, panel, meter, switch$/,
    ],
    [
      'two metrics claim a field',
      { 'Linha Viva/kind': 'meter', 'A/p_kw': 1, 'B/p_kw': 2 },
      /p_kw may be A\/p_kw or B\/p_kw: a rule has to say which$/,
    ],
  ] as const)
    it(`is a fault where ${name}`, () => {
      const result = role(values)
      assert.ok('fault' in result)
      assert.match(result.fault, fault)
    })
})

describe('how it is called here', () => {
  const called = (address: Parameters<typeof identifierOf>[0], deviceId?: string) =>
    identifierOf(
      address,
      readMappingRules(
        deviceId === undefined ? [] : [{ kind: 'meter', device: address.device === undefined ? '' : '*', deviceId }],
      ),
    )

  for (const [address, template, id] of [
    [meter, undefined, 'plant.gw-1.meter-7'],
    [{ group: 'plant', edgeNode: 'gw-1' }, undefined, 'plant.gw-1'],
    [meter, '<device>', 'meter-7'],
    [meter, 'm-<device>:<edge>', 'm-meter-7:gw-1'],
    [meter, 'always', 'always'],
    [{ group: 'Área 1', edgeNode: 'nó', device: 'medidor nº 7' }, undefined, '_rea_1.n_.medidor_n__7'.slice(1)],
    [{ group: 'g', edgeNode: 'e', device: '💡' }, undefined, 'g.e._'],
    [{ group: 'g', edgeNode: 'e', device: '$&' }, undefined, 'g.e.__'],
  ] as const)
    it(`${JSON.stringify(address)}${template === undefined ? '' : ` by ${template}`} is ${id}`, () =>
      assert.equal(called(address, template), id))

  it('is a fault where nothing is left, or too much', () => {
    for (const [device, count] of [
      ['_', 0],
      ['x'.repeat(65), 65],
    ] as const) {
      const result = called({ group: 'g', edgeNode: 'e', device }, '<device>')
      assert.ok(typeof result === 'object' && result.fault.endsWith(`has ${count} characters, it takes 1 to 64`))
    }
  })

  it('is always an identifier of the contract, or a fault (property)', () => {
    const any = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(any, any, any, (group, edgeNode, device) => {
        const result = called({ group, edgeNode, device })
        assert.ok(typeof result === 'object' || isIdentifier(result))
      }),
    )
  })
})
