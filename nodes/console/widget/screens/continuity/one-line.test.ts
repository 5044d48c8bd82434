import assert from 'node:assert/strict'
import {
  type FeederNetwork,
  type NetworkSwitch,
  oneLineOf,
  type SuppliedSection,
  switchesOfFeeder,
} from './one-line.ts'

const joining = (switchId: string, sectionA: string, sectionB: string, rest: Partial<NetworkSwitch> = {}) => ({
  ...{ switchId, sectionA, sectionB, normallyClosed: true, phases: 'ABC', ...rest },
})
const supplied = (sectionId: string, phases = 'ABC', feederId: string | null = 'f1'): [string, SuppliedSection] => [
  sectionId,
  { sectionId, phases, feederId: phases === '' ? null : feederId, units: 4 },
]
const network = (rest: Partial<FeederNetwork> = {}): FeederNetwork => ({
  sources: [
    { sourceId: 'src-1', sectionId: 'a', feederId: 'f1', phases: 'ABC' },
    { sourceId: 'src-2', sectionId: 'x', feederId: 'f2', phases: 'ABC' },
  ],
  switches: [
    joining('s1', 'a', 'b'),
    joining('s2', 'c', 'b'),
    joining('s3', 'b', 'd', { phases: 'B' }),
    joining('tie', 'c', 'x', { normallyClosed: false }),
  ],
  sections: new Map([supplied('a'), supplied('b'), supplied('c'), supplied('d', 'B'), supplied('x', 'ABC', 'f2')]),
  positions: new Map(),
  ...rest,
})

describe('the one-line diagram of a feeder', () => {
  it('goes from the source on: the first branch straight, others below, ties to where they lead', () => {
    const { sections, ties, columns, rows, hidden } = oneLineOf(network(), 'f1')
    assert.deepEqual(
      sections.map(({ sectionId, parent, column, row, via }) => [sectionId, parent, column, row, via.switchId]),
      [
        ['a', null, 0, 0, 'src-1'],
        ['b', 'a', 1, 0, 's1'],
        ['c', 'b', 2, 0, 's2'],
        ['d', 'b', 2, 1, 's3'],
      ],
    )
    assert.deepEqual(
      ties.map(({ tie, from, to, column, row }) => [tie.switchId, tie.position, tie.isNormal, from, to, column, row]),
      [['tie', 'open', true, 'c', 'x', 3, 0]],
    )
    assert.deepEqual([columns, rows, hidden], [4, 2, 0])
  })

  it('says of a section what its supply is, by the phases that it has', () => {
    const states = (rest: Partial<FeederNetwork>): string[] =>
      oneLineOf(network(rest), 'f1').sections.map(({ state }) => state)
    assert.deepEqual(states({}), ['supplied', 'supplied', 'supplied', 'supplied'])
    const sections = new Map([supplied('a'), supplied('b', 'AC'), supplied('c', 'ABC', 'f2'), supplied('d', '')])
    assert.deepEqual(states({ sections }), ['supplied', 'partial', 'elsewhere', 'out'])
    assert.deepEqual(states({ sections: new Map() }), Array(4).fill('unknown'))
  })

  it('draws switches as they stand', () => {
    const positions = new Map([
      ['s1', ''],
      ['s2', 'AB'],
      ['tie', 'ABC'],
    ])
    const { sections, ties } = oneLineOf(network({ positions }), 'f1')
    const standing = Object.fromEntries(sections.map(({ via }) => [via.switchId, [via.position, via.isNormal]]))
    assert.deepEqual(standing, {
      ...{ 'src-1': ['closed', true], s1: ['open', false], s2: ['partial', false], s3: ['closed', true] },
    })
    assert.deepEqual([ties[0]!.tie.position, ties[0]!.tie.isNormal], ['closed', false])
  })

  it('names the switches that it shows', () => {
    assert.deepEqual(switchesOfFeeder(network(), 'f1'), ['src-1', 's1', 's2', 's3', 'tie'])
    assert.deepEqual(switchesOfFeeder(network(), 'f2'), ['src-2', 'tie'])
    assert.deepEqual(switchesOfFeeder(network(), 'f3'), [])
  })

  it('draws of a large feeder what is not as it should be, and the way there', () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}`)
    const switches = names.flatMap((name) => [
      joining(`to-${name}`, 'a', name),
      joining(`end-${name}`, name, `${name}-end`),
    ])
    const all = ['a', ...names, ...names.map((name) => `${name}-end`)]
    const sections = new Map(all.map((name) => supplied(name, name === 'n7-end' ? '' : 'ABC')))
    const { sections: drawn, hidden } = oneLineOf(network({ switches, sections }), 'f1', 60)
    assert.deepEqual(
      drawn.map(({ sectionId }) => sectionId),
      ['a', 'n7', 'n7-end'],
    )
    assert.equal(hidden, 198)
    const dark = new Map(all.map((name) => supplied(name, '')))
    assert.ok(oneLineOf(network({ switches, sections: dark }), 'f1', 60).sections.length <= 61)
  })
})
