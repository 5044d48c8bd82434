import assert from 'node:assert/strict'
import { readMappingRules, type WrittenRule } from './mapping-rules.ts'

const ruleOf = (rule: Partial<WrittenRule>) => readMappingRules([{ kind: 'meter', ...rule }])[0]!
const fits = (rule: Partial<WrittenRule>, group: string, edgeNode: string, device?: string) =>
  ruleOf(rule).fits({ group, edgeNode, ...(device !== undefined && { device }) })

describe('a mapping rule', () => {
  for (const [rule, address, is] of [
    [{}, ['g', 'e', 'd'], true],
    [{}, ['g', 'e'], false],
    [{ device: '' }, ['g', 'e'], true],
    [{ device: '' }, ['g', 'e', 'd'], false],
    [{ group: '', edge: '', device: '*' }, ['g', 'e', 'd'], true],
    [{ device: 'meter-*' }, ['g', 'e', 'meter-7'], true],
    [{ device: 'meter-*' }, ['g', 'e', 'my-meter-7'], false],
    [{ device: 'm.ter' }, ['g', 'e', 'meter'], false],
    [{ device: 'm+' }, ['g', 'e', 'mm'], false],
    [{ group: 'north', edge: 'gw-*', device: '*-7' }, ['north', 'gw-1', 'a-7'], true],
    [{ group: 'north', edge: 'gw-*', device: '*-7' }, ['south', 'gw-1', 'a-7'], false],
    [{ device: '*' }, ['g', 'e', 'two\nlines'], true],
    [{ device: 'Meter' }, ['g', 'e', 'meter'], false],
  ] as const)
    it(`${JSON.stringify(rule)} ${is ? 'fits' : 'does not fit'} ${JSON.stringify(address)}`, () => {
      const [group, edgeNode, device] = address as readonly [string, string, string?]
      assert.equal(fits(rule, group, edgeNode, device), is)
    })

  it('takes numbers as the editor gives them: as text', () => {
    const fields = [
      { field: 'p_kw', fromType: 'metric', from: 'Power', scale: '0.001', words: '' },
      { field: 'q_kvar', fromType: 'metric', from: 'Reactive', scale: '', words: '' },
      { field: 'interval_s', fromType: 'num', from: '60' },
      { field: 'aggregation', fromType: 'str', from: 'mean' },
    ] as const
    const { sources } = ruleOf({ fields: [...fields] })
    assert.deepEqual(
      sources.map(({ field, metric, constant, scale }) => [field.path, metric, constant, scale]),
      [
        ['p_kw', 'Power', undefined, 0.001],
        ['q_kvar', 'Reactive', undefined, 1],
        ['interval_s', undefined, 60, 1],
        ['aggregation', undefined, 'mean', 1],
      ],
    )
  })

  it('translates words', () => {
    const fields = [
      { field: 'position', fromType: 'metric', from: 'Closed', words: 'true=closed, false = open' },
    ] as const
    const { sources } = ruleOf({ kind: 'switch', fields: [...fields] })
    assert.deepEqual(
      [...sources[0]!.words!],
      [
        ['true', 'closed'],
        ['false', 'open'],
      ],
    )
  })

  it('is absent in an old configuration', () => assert.deepEqual(readMappingRules(undefined), []))

  const field = { field: 'p_kw', fromType: 'metric', from: 'Power' } as const
  for (const [written, fault] of [
    ['text', /^Error: mappings is "text": it takes a list of rules$/],
    [[null], /^Error: mapping 1 is null/],
    [
      [{ kind: 'meter' }, { kind: 'boiler' }],
      /^Error: mapping 2: kind is "boiler": it takes der, panel, meter, switch$/,
    ],
    [
      [{ kind: 'meter', fields: [{ ...field, field: 'p_w' }] }],
      /^Error: mapping 1: field is "p_w": a meter has va_v, .*aggregation, .*pst_c_pu$/,
    ],
    [[{ kind: 'meter', fields: [{ ...field, scale: 'k' }] }], /^Error: mapping 1, p_kw: scale is "k"/],
    [[{ kind: 'meter', fields: [{ ...field, scale: 0 }] }], /^Error: mapping 1, p_kw: scale is 0/],
    [
      [{ kind: 'meter', fields: [{ ...field, from: '' }] }],
      /^Error: mapping 1, p_kw: from is "": it takes the name of a metric/,
    ],
    [[{ kind: 'meter', fields: [{ ...field, words: 'true' }] }], /^Error: mapping 1, p_kw: words is "true"/],
    [
      [{ kind: 'meter', fields: [{ ...field, fromType: 'num', from: ' ' }] }],
      /^Error: mapping 1, p_kw: from is " ": it takes a number/,
    ],
    [[{ kind: 'meter', fields: [field, field] }], /^Error: mapping 1: field p_kw stands there twice$/],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(written)}`, () =>
      assert.throws(() => readMappingRules(written), fault))
})
