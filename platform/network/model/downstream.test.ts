import assert from 'node:assert/strict'
import fc from 'fast-check'
import { downstreamOf, suppliedBy, suppliedWith } from './downstream.ts'
import { energised } from './energisation.ts'
import { anyHistory, anyOperations, end, line, source, twoFeeders } from './network.fixture.ts'
import { networkAt, positionsAt } from './network.ts'
import { phasesOf, textOf } from './phases.ts'

const network = networkAt(twoFeeders, 0)
const positionsOf = (positions: Record<string, string>) =>
  new Map(Object.entries(positions).map(([id, phases]) => [id, phasesOf(phases)]))

describe('what supplies sections', () => {
  const feeders = (positions: Record<string, string>, of = network) =>
    Object.fromEntries(
      [...suppliedBy(of, positionsOf(positions))].map(([section, { source, phases }]) => [
        section,
        `${source.sourceId} ${textOf(phases)}`,
      ]),
    )

  it('is the feeder of their own normally', () =>
    assert.deepEqual(feeders({}), {
      ...{ a1: 'f1 ABC', a2: 'f1 ABC', a3: 'f1 ABC', b1: 'f2 ABC', b2: 'f2 ABC', b3: 'f2 ABC' },
    }))

  it('is the other one for what a tie carried over', () =>
    assert.deepEqual(feeders({ tie: 'ABC', 'sw-a': '' }), {
      ...{ a1: 'f1 ABC', a2: 'f2 ABC', a3: 'f2 ABC', b1: 'f2 ABC', b2: 'f2 ABC', b3: 'f2 ABC' },
    }))

  it('is the nearer one while feeders are joined', () =>
    assert.deepEqual([feeders({ tie: 'ABC' })['a3'], feeders({ tie: 'ABC' })['b3']], ['f1 ABC', 'f2 ABC']))

  it('tells the phases that have supply, whichever feeder brings them', () => {
    const mixed = {
      sources: [source('f1', 'a1', { phases: 'A' }), source('f2', 'b1', { phases: 'BC' })],
      switches: [line('s1', 'a1-a2'), line('s2', 'b1-b2'), line('s3', 'b2-a2'), line('fuse', 'a2-a3', { phases: 'B' })],
    }
    assert.deepEqual([feeders({}, mixed)['a2'], feeders({}, mixed)['a3']], ['f1 ABC', 'f2 B'])
  })

  it('is known of every section that has supply, and of no other (property)', () =>
    fc.assert(
      fc.property(anyHistory, anyOperations, (history, operations) => {
        const [network, positions] = [networkAt(history, end - 1), positionsAt(operations, end - 1)]
        assert.deepEqual(
          new Map([...suppliedBy(network, positions)].map(([section, { phases }]) => [section, phases])),
          energised(network, positions),
        )
      }),
    ))

  it('is nothing without a source', () =>
    assert.deepEqual(Object.keys(feeders({ f1: '', f2: 'B' })), ['b1', 'b2', 'b3']))
})

describe('what is downstream of a switch', () => {
  const downstream = (positions: Record<string, string>, elementId: string) =>
    Object.fromEntries(
      [...downstreamOf(network, positionsOf(positions), elementId)].map(([section, phases]) => [
        section,
        textOf(phases),
      ]),
    )

  it('is all that would lose supply', () => {
    assert.deepEqual(downstream({}, 'sw-a'), { a2: 'ABC', a3: 'ABC' })
    assert.deepEqual(downstream({}, 'f1'), { a1: 'ABC', a2: 'ABC', a3: 'ABC' })
  })

  it('turns round where supply comes from the other side', () =>
    assert.deepEqual(downstream({ 'sw-a': '', tie: 'ABC' }, 'sw-aa'), { a2: 'ABC' }))

  it('is the phases that go through it', () =>
    assert.deepEqual(downstream({ 'sw-aa': 'B' }, 'sw-a'), { a2: 'ABC', a3: 'B' }))

  it('is nothing of one that is open, in a loop, or unknown', () => {
    assert.deepEqual(downstream({}, 'tie'), {})
    assert.deepEqual(downstream({ tie: 'ABC' }, 'sw-a'), {})
    assert.deepEqual(downstream({}, 'nobody'), {})
  })
})

describe('what gets supply by a switch that closes', () => {
  const gains = (positions: Record<string, string>, switchId: string) =>
    Object.fromEntries(
      [...suppliedWith(network, positionsOf(positions), switchId)].map(([section, phases]) => [
        section,
        textOf(phases),
      ]),
    )

  it('is what lies behind it without supply, in the phases that come', () => {
    assert.deepEqual(gains({ 'sw-a': '' }, 'sw-a'), { a2: 'ABC', a3: 'ABC' })
    assert.deepEqual(gains({ 'sw-a': '' }, 'tie'), { a2: 'ABC', a3: 'ABC' })
    assert.deepEqual(gains({ 'sw-a': 'A' }, 'sw-a'), { a2: 'BC', a3: 'BC' })
    assert.deepEqual(gains({ f1: '' }, 'f1'), { a1: 'ABC', a2: 'ABC', a3: 'ABC' })
  })

  it('is nothing where all have supply, or none comes', () => {
    assert.deepEqual(gains({}, 'tie'), {})
    assert.deepEqual(gains({ 'sw-a': '', 'sw-aa': '' }, 'sw-aa'), {})
  })
})
