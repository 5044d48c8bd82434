import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compare, countsOf, fieldsThatDiffer } from './compare.ts'
import { nameOf, type Item, type Outcome } from './outcome.ts'

const store = { id: 'store', type: 'linhaviva-telemetry-store', name: '' }
const item = (volts: number, more: Partial<Item> = {}): Item => ({
  ...{ node: 'store', verb: 'stored', group: 'meter', device: 'meter-1', key: '2026-03-10T15:00:00.000Z' },
  value: { values: { va_v: volts, p_kw: 1 } },
  ...more,
})
const outcome = (items: Item[], more: Partial<Outcome> = {}): Outcome => ({
  ...{ played: 1, unheard: 0, nodes: [store], items, faults: [], unsettled: [], notes: [], tookMs: 1 },
  ...more,
})
const compareItems = (before: Item[], now: Item[]) => compare(outcome(before), outcome(now)).differences

describe('what came out of two tabs', () => {
  it('is the same where the same came out, in whatever order and however its properties are written', () => {
    const other = item(2, { key: 'later' })
    const { same } = compare(
      outcome([item(1), other]),
      outcome([other, { ...item(1), value: { values: { p_kw: 1, va_v: 1 } } }]),
    )
    assert.equal(same, true)
  })

  it('changed: the fields that differ, before and now', () => {
    const [difference] = compareItems([item(127)], [item(128)])
    assert.equal(difference!.is, 'changed')
    assert.deepEqual(difference!.fields, [{ field: 'values.va_v', before: 127, now: 128 }])
  })

  it('does not come any more, or is new', () => {
    assert.deepEqual(
      compareItems([item(127), item(128, { device: 'meter-2' })], [item(127), item(1, { verb: 'quarantined' })]).map(
        ({ is, device, verb }) => [is, device, verb],
      ),
      [
        ['new', 'meter-1', 'quarantined'],
        ['missing', 'meter-2', 'stored'],
      ],
    )
  })

  it('counts how often: the same thing twice is not once', () =>
    assert.deepEqual(
      compareItems([item(1), item(1)], [item(1)]).map(({ is }) => is),
      ['missing'],
    ))

  it('has errors and unsettled batches of its own', () => {
    const fault = { node: store, message: 'a slip', count: 2 }
    const unsettled = [{ batchId: 1, topic: 'der', items: 3, from: 'telemetry in' }]
    const comparison = compare(outcome([]), outcome([], { faults: [fault], unsettled }))
    assert.deepEqual(comparison.faults, [{ fault, before: 0, now: 2 }])
    assert.deepEqual([comparison.unsettled, comparison.same], [{ before: 0, now: 1 }, false])
    assert.equal(compare(outcome([], { faults: [fault] }), outcome([], { faults: [fault] })).same, true)
  })

  it('is counted by node, verb and group, or by device', () => {
    const now = outcome([item(1), item(2), item(3, { verb: 'quarantined', group: 'bad_json', device: 'meter-2' })])
    assert.deepEqual(
      countsOf(outcome([item(1)]), now, ({ group }) => group).map(({ verb, group, before, now }) => ({
        verb,
        group,
        before,
        now,
      })),
      [
        { verb: 'quarantined', group: 'bad_json', before: 0, now: 1 },
        { verb: 'stored', group: 'meter', before: 1, now: 2 },
      ],
    )
    assert.deepEqual(
      countsOf(undefined, now, ({ device }) => device ?? '').map(({ group, now }) => [group, now]),
      [
        ['meter-2', 1],
        ['meter-1', 2],
      ],
    )
  })

  it('differs by as many items as were added or taken away (property)', () => {
    const items = fc.array(fc.integer({ min: 0, max: 5 }).map((volts) => item(volts, { key: String(volts) })))
    fc.assert(
      fc.property(items, items, (common, more) => {
        assert.equal(compareItems(common, [...more, ...common]).filter(({ is }) => is === 'new').length, more.length)
        assert.equal(
          compareItems([...common, ...more], common).filter(({ is }) => is === 'missing').length,
          more.length,
        )
        assert.equal(compareItems([...common, ...more], [...more, ...common]).length, 0)
      }),
    )
  })
})

describe('fields that differ', () => {
  const paths = (before: unknown, now: unknown) => [...fieldsThatDiffer(before, now)].map(({ field }) => field)

  it('are told by where they stand', () => {
    assert.deepEqual(paths({ a: [{ b: 1 }, 2], c: 3 }, { a: [{ b: 2 }, 2, 4], d: 3 }), ['a[0].b', 'a[2]', 'c', 'd'])
    assert.deepEqual(paths('x', { a: 1 }), [''])
    assert.deepEqual(paths({ a: [] }, { a: {} }), ['a'])
  })

  it('are none for a value and itself (property)', () =>
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(paths(value, structuredClone(value)), []))))
})

describe('a node', () => {
  it('is called by its type and name, or its id', () => {
    assert.equal(nameOf(store), 'telemetry-store (store)')
    assert.equal(nameOf({ ...store, name: 'ours' }), 'telemetry-store "ours"')
    assert.equal(nameOf({ id: '', type: 'Node-RED', name: '' }), 'Node-RED')
  })
})
