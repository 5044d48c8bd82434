import assert from 'node:assert/strict'
import fc from 'fast-check'
import { bdSeqOf, EdgeNode, type Source } from './edge-node.ts'
import { announced, bdSeq, metric } from './plant.fixture.ts'
import type { RawMetric } from './payload.ts'
import type { Sequenced } from './sequence.ts'

const birth: Sequenced = { seq: 0, fingerprint: 'birth', bytes: 10 }
const edgeNode = (metrics: RawMetric[] = [bdSeq(3)]) => {
  const node = new EdgeNode({ group: 'plant', edgeNode: 'edge' })
  const own = node.beginSession(birth, { metrics }, 1e6)
  assert.ok(!('fault' in own))
  return node
}
const begin = (node: EdgeNode<Sequenced>, device: string, metrics: RawMetric[]): Source => {
  const source = node.beginDevice(device, { metrics }, 1e6)
  assert.ok(!('fault' in source), JSON.stringify(source))
  source.deviceId = `plant.${device}`
  return source
}
const nameOfAlias = (node: EdgeNode<Sequenced>, device: string, source: Source, alias: bigint): string | undefined => {
  const result = node.read(device, { metrics: [metric({ alias, value: 1 })] }, source)
  return 'read' in result ? result.read[0]!.name : undefined
}

describe('an edge node', () => {
  it('is paired with its death by bdSeq (tck-id-topics-nbirth-bdseq-matching, tck-id-payloads-ndeath-bdseq)', () => {
    const node = edgeNode([bdSeq(3)])
    assert.ok(node.isDeathOfThis({ metrics: [bdSeq(3)] }))
    assert.ok(!node.isDeathOfThis({ metrics: [bdSeq(2)] }))
    assert.ok(edgeNode([]).isDeathOfThis({ metrics: [bdSeq(2)] }), 'without one of its own it cannot be told apart')
  })

  it('keeps the bdSeq of a birth that cannot be used: its death is still its own', () => {
    const node = edgeNode([bdSeq(3)])
    node.endSession('astray')
    node.beginSession(birth, { metrics: [bdSeq(4), metric({ value: 1 })] }, 1e6)
    assert.ok(node.isDeathOfThis({ metrics: [bdSeq(4)] }))
  })

  it('has no bdSeq where it is no integer', () => {
    assert.equal(bdSeqOf({ metrics: [metric({ name: 'bdSeq', value: 'three' })] }), undefined)
    assert.equal(bdSeqOf({ metrics: [] }), undefined)
  })

  it('knows an alias only of the source that announced it', () => {
    const node = edgeNode()
    const [a, b] = [
      begin(node, 'a', [announced('p_kw', 1, { alias: 1n })]),
      begin(node, 'b', [announced('p_kw', 1, { alias: 2n })]),
    ]
    assert.equal(nameOfAlias(node, 'a', a, 1n), 'p_kw')
    assert.equal(nameOfAlias(node, 'b', b, 1n), undefined)
  })

  it('lets a device take its own aliases again, and no other’s (tck-id-payloads-alias-uniqueness)', () => {
    const node = edgeNode([bdSeq(0), announced('x', 1, { alias: 5n })])
    begin(node, 'a', [announced('p_kw', 1, { alias: 1n })])
    const again = begin(node, 'a', [announced('q_kvar', 1, { alias: 1n })])
    assert.equal(nameOfAlias(node, 'a', again, 1n), 'q_kvar')
    for (const alias of [1n, 5n])
      assert.ok('fault' in node.beginDevice('b', { metrics: [announced('p_kw', 1, { alias })] }, 1e6))
    assert.equal(nameOfAlias(node, 'a', again, 1n), 'q_kvar', 'the refused birth changed nothing')
  })

  it('does not know a device whose new birth cannot be used, whatever it was before', () => {
    const node = edgeNode()
    begin(node, 'a', [announced('p_kw', 1, { alias: 1n })])
    assert.ok('fault' in node.beginDevice('a', { metrics: [metric({ value: 1 })] }, 1e6))
    assert.equal(node.devices.has('a'), false)
    assert.deepEqual([...node.awaited.keys()], ['a'])
  })

  it('awaits its devices when its session ends, until they are born again', () => {
    const node = edgeNode()
    begin(node, 'a', [announced('p_kw', 1)])
    begin(node, 'b', [announced('p_kw', 1)])
    node.endSession('astray')
    assert.deepEqual([[...node.devices.keys()], [...node.awaited.keys()]], [[], ['a', 'b']])
    node.beginSession(birth, { metrics: [] }, 1e6)
    begin(node, 'b', [announced('p_kw', 1)])
    assert.deepEqual([...node.awaited.keys()], ['a'])
  })

  it('keeps nothing of what was defined when its session has ended', () => {
    const node = edgeNode([bdSeq(3), announced('x', 1, { alias: 5n })])
    begin(node, 'a', [announced('p_kw', 1, { alias: 1n })])
    node.endSession('dead')
    assert.equal(node.metricCount, 0)
    assert.deepEqual([...node.awaited], [['a', 'plant.a']])
  })

  it('has so many devices and no more', () => {
    const node = edgeNode()
    for (let index = 0; index < 1_000; index++) begin(node, `d${index}`, [])
    assert.deepEqual(node.beginDevice('one-more', { metrics: [] }, 1e6), {
      reason: 'too_many_items',
      fault: 'its edge node has 1000 devices already',
    })
    begin(node, 'd7', [])
  })

  it('counts what is defined', () => {
    const node = edgeNode([bdSeq(0)])
    begin(node, 'a', [announced('x', 1), announced('y', 1)])
    assert.equal(node.metricCount, 3)
    node.endDevice('a')
    assert.equal(node.metricCount, 1)
  })

  it('never resolves an alias by a birth before the last (property)', () => {
    const step = fc.record({
      device: fc.constantFrom('a', 'b'),
      aliases: fc.uniqueArray(fc.bigInt({ min: 0n, max: 9n }), { maxLength: 4 }),
      nodeBirth: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const node = edgeNode()
        const announcedLast = new Map<string, Map<bigint, string>>()
        steps.forEach(({ device, aliases, nodeBirth }, index) => {
          if (nodeBirth) {
            node.endSession('astray')
            node.beginSession(birth, { metrics: [] }, 1e6)
            announcedLast.clear()
          }
          const names = new Map(aliases.map((alias) => [alias, `metric ${index}.${alias}`]))
          const source = node.beginDevice(
            device,
            { metrics: [...names].map(([alias, name]) => announced(name, 1, { alias })) },
            1e6,
          )
          announcedLast.delete(device)
          if (!('fault' in source)) announcedLast.set(device, names)
        })
        for (const device of ['a', 'b'])
          for (let alias = 0n; alias < 10n; alias++) {
            const source = node.devices.get(device)
            const found = source && nameOfAlias(node, device, source, alias)
            assert.equal(found, announcedLast.get(device)?.get(alias))
          }
      }),
    )
  })
})
