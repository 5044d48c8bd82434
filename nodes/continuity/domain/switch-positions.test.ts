import assert from 'node:assert/strict'
import fc from 'fast-check'
import { phasesOf, textOf } from '../../../platform/network/model/phases.ts'
import { switchPositions, type PositionEvidence } from './switch-positions.ts'

const event = (at: number, kind: 'opened' | 'closed', phases?: string): PositionEvidence => ({
  ...{ at, kind, reference: `e${at}`, phases: phases === undefined ? null : phasesOf(phases), cause: null },
})
const reading = (at: number, closed: boolean): PositionEvidence => ({ at, kind: 'reading', reference: '', closed })
const entry = (at: number, closed: string): PositionEvidence => ({
  ...{ at, kind: 'person', reference: `p${at}`, closed: phasesOf(closed), cause: 'fuse' },
})
const positions = (evidence: readonly PositionEvidence[], before?: string) =>
  switchPositions(evidence, before === undefined ? undefined : phasesOf(before)).map(
    ({ at, closed, source }) => `${at} ${textOf(closed) || 'open'} ${source}`,
  )

describe('how a switch stands', () => {
  it('is what its events say', () =>
    assert.deepEqual(positions([event(1, 'opened'), event(5, 'closed')]), ['1 open event', '5 ABC event']))

  it('is what a reading says, where that is news', () =>
    assert.deepEqual(positions([event(1, 'opened'), reading(2, false), reading(4, true), reading(5, true)]), [
      '1 open event',
      '4 ABC reading',
    ]))

  it('leaves phases as they were of which an event says nothing', () =>
    assert.deepEqual(positions([event(1, 'opened', 'A'), event(2, 'opened', 'B'), event(3, 'closed', 'A')], 'ABC'), [
      '1 BC event',
      '2 C event',
      '3 AC event',
    ]))

  it('is what a person says, more than what an event or a reading of the same instant does', () =>
    assert.deepEqual(positions([entry(3, ''), { ...event(3, 'closed') }, reading(3, true)]).at(-1), '3 open person'))

  it('is not told by what it was before', () => assert.deepEqual(positions([reading(1, true)], 'ABC'), []))

  it('does not depend on the order in which it became known (property)', () => {
    const evidence = fc.uniqueArray(
      fc.record({ at: fc.nat(50), kind: fc.constantFrom('opened' as const, 'closed' as const, 'reading' as const) }),
      { selector: ({ at }) => at, maxLength: 10 },
    )
    fc.assert(
      fc.property(evidence, (given) => {
        const known = given.map(({ at, kind }) => (kind === 'reading' ? reading(at, at % 2 === 0) : event(at, kind)))
        assert.deepEqual(positions(known.toReversed()), positions(known))
      }),
    )
  })
})
