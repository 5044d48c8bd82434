import assert from 'node:assert/strict'
import { elementKinds } from './element.ts'
import { lostElements, type MeterLoss } from './meter-losses.ts'

const seconds = (count: number) => count * 1_000
const loss = (unitId: string, at: number, transformerId: string | null = 't1', sectionId: string | null = 's1') => ({
  ...{ unitId, from: seconds(at), transformerId, sectionId },
})
const transformers = new Map([['s1', new Set(['t1', 't2'])]])
const lost = (losses: readonly MeterLoss[]) =>
  lostElements(losses, transformers, seconds(10)).map(({ element, takenAt }) => [
    element.kind,
    element.id,
    takenAt / 1_000,
  ])

describe('what units lost that meters alone tell of', () => {
  it('is the unit itself, where no other one of its transformer lost supply then', () => {
    assert.deepEqual(lost([loss('a', 0)]), [['unit', 'a', 0]])
    assert.deepEqual(lost([loss('a', 0), loss('b', 11)]), [
      ['unit', 'a', 0],
      ['unit', 'b', 11],
    ])
  })

  it('is the transformer, since the first of its units lost supply', () =>
    assert.deepEqual(lost([loss('b', 9), loss('a', 0)]), [
      ['transformer', 't1', 0],
      ['transformer', 't1', 0],
    ]))

  it('is the section, where all its transformers lost supply', () =>
    assert.deepEqual(lost([loss('a', 0), loss('b', 4, 't2')]), [
      ['section', 's1', 0],
      ['section', 's1', 0],
    ]))

  it('is not the section where a transformer has supply, nor where it has but one', () => {
    assert.deepEqual(lost([loss('a', 0), loss('b', 0)])[0], ['transformer', 't1', 0])
    assert.deepEqual(lost([loss('a', 0, 't9', 's9'), loss('b', 0, 't9', 's9')])[0], ['transformer', 't9', 0])
  })

  it('is the unit itself of units of which the network says nothing', () =>
    assert.deepEqual(lost([loss('a', 0, null, null), loss('b', 0, null, null)]), [
      ['unit', 'a', 0],
      ['unit', 'b', 0],
    ]))

  it('is named from the whole to the single unit', () =>
    assert.deepEqual(elementKinds, ['source', 'switch', 'section', 'transformer', 'unit']))

  it('is each time another one for a unit that lost it again', () =>
    assert.deepEqual(lost([loss('a', 0), loss('a', 3)]), [
      ['unit', 'a', 0],
      ['unit', 'a', 3],
    ]))
})
