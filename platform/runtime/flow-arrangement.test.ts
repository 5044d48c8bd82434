import assert from 'node:assert/strict'
import fc from 'fast-check'
import { joinFlows, joinFlowsAs, splitFlows } from './flow-arrangement.ts'
import type { FlowNode } from './flow-arrangement.ts'
import { arbitraryFlows } from './flow-arrangement.samples.ts'

const noNames = new Map<string, string>()
const idsOf = (flows: readonly FlowNode[]): string[] => flows.map(({ id }) => id)
const namesOf = (flows: readonly FlowNode[], names = noNames): string[] =>
  splitFlows(flows, names).sheets.map(({ name }) => name)

describe('splitting and joining flows', () => {
  it('is the identity where the order is remembered (property)', () => {
    fc.assert(
      fc.property(arbitraryFlows, (flows) => {
        const joined = joinFlowsAs(splitFlows(flows, noNames), idsOf(flows))
        assert.equal(JSON.stringify(joined), JSON.stringify(flows))
      }),
    )
  })

  it('keeps every file where the order is not remembered (property)', () => {
    fc.assert(
      fc.property(arbitraryFlows, (flows) => {
        const split = splitFlows(flows, noNames)
        const names = new Map(split.sheets.map(({ name, nodes }) => [nodes[0].id, name]))
        assert.equal(JSON.stringify(splitFlows(joinFlows(split), names)), JSON.stringify(split))
      }),
    )
  })

  it('puts every node in exactly one file, under distinct names (property)', () => {
    fc.assert(
      fc.property(arbitraryFlows, (flows) => {
        const { sheets, global } = splitFlows(flows, noNames)
        const ids = [...sheets.flatMap(({ nodes }) => idsOf(nodes)), ...idsOf(global)]
        assert.deepEqual(ids.sort(), idsOf(flows).sort())
        const names = sheets.map(({ name }) => name)
        assert.equal(new Set([...names, 'config']).size, names.length + 1)
        for (const name of names) assert.match(name, /^[a-z0-9][a-z0-9-]*$/)
      }),
    )
  })

  it('joins without a remembered order as the editor would: sheets, groups, junctions, config nodes, nodes', () => {
    const flows: FlowNode[] = [
      { id: 'a', type: 'tab', label: 'A' },
      { id: 'b', type: 'tab', label: 'B' },
      { id: 's', type: 'subflow', name: 'S' },
      { id: 'group', type: 'group', z: 'b', x: 1, y: 1 },
      { id: 'junction', type: 'junction', z: 'a', x: 1, y: 1 },
      { id: 'local', type: 'broker', z: 'b' },
      { id: 'global', type: 'broker' },
      { id: 'inject', type: 'inject', z: 'a', x: 1, y: 1 },
      { id: 'debug', type: 'debug', z: 'b', x: 1, y: 1 },
    ]
    assert.deepEqual(joinFlows(splitFlows(flows, noNames)), flows)
  })

  it('does not follow a remembered order that contradicts the files', () => {
    const flows: FlowNode[] = [
      { id: 'a', type: 'tab', label: 'A' },
      { id: 'one', type: 'inject', z: 'a', x: 1, y: 1 },
      { id: 'two', type: 'debug', z: 'a', x: 1, y: 1 },
    ]
    const split = splitFlows(flows, noNames)
    assert.equal(joinFlowsAs(split, ['a', 'two', 'one']), undefined)
    assert.equal(joinFlowsAs(split, ['a', 'one']), undefined)
    assert.equal(joinFlowsAs(split, ['a', 'one', 'two', 'gone']), undefined)
    assert.deepEqual(joinFlowsAs(split, ['one', 'a', 'two']), [flows[1], flows[0], flows[2]])
  })

  it('names files after labels: plain letters, unique, never a name that is taken', () => {
    const tab = (id: string, label: string): FlowNode => ({ id, type: 'tab', label })
    assert.deepEqual(
      namesOf([tab('1', 'Telemetria: Painéis'), tab('2', 'telemetria painéis'), tab('3', 'Config'), tab('4', '配電')]),
      ['telemetria-paineis', 'telemetria-paineis-2', 'config-2', 'tab'],
    )
  })

  it('keeps the name of a renamed tab', () => {
    const names = new Map([['1', 'telemetry']])
    const flows = [
      { id: '1', type: 'tab', label: 'Field' },
      { id: '2', type: 'tab', label: 'Telemetry' },
    ]
    assert.deepEqual(namesOf(flows, names), ['telemetry', 'telemetry-2'])
  })

  it('refuses what no file could hold', () => {
    const twice = [
      { id: 'a', type: 'tab' },
      { id: 'a', type: 'inject' },
    ]
    assert.throws(() => splitFlows(twice, noNames), /two nodes with id "a"/)
    assert.throws(() => splitFlows([{ id: 'a', type: '' }], noNames), /node "a" without a type/)
    const secret = [{ id: 'm', type: 'mqtt-broker', credentials: { password: 'secret' } }]
    assert.throws(() => splitFlows(secret, noNames), /node "m" with its credentials/)
  })
})
