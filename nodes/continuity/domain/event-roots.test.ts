import assert from 'node:assert/strict'
import { eventRoots, keyOfLoss, type LossOfSection } from './event-roots.ts'

const outage = (elementId: string, sectionId: string, from: number, until: number | null): LossOfSection => ({
  ...{ elementId, takenAt: from, sectionId, from, until },
})
const roots = (...outages: LossOfSection[]) =>
  Object.fromEntries([...eventRoots(outages, new Map())].map(([key, root]) => [key, keyOfLoss(root)]))

describe('the first loss of an event', () => {
  it('is each loss itself, where they have nothing to do with each other', () =>
    assert.deepEqual(roots(outage('sw-1', 'a', 10, 20), outage('sw-2', 'b', 12, 30), outage('sw-1', 'a', 25, 30)), {
      ...{ 'sw-1@10': 'sw-1@10', 'sw-2@12': 'sw-2@12', 'sw-1@25': 'sw-1@25' },
    }))

  it('is that of the fault, when a section loses supply again while others of it are still without', () =>
    assert.equal(
      roots(outage('breaker', 'a', 10, 20), outage('breaker', 'b', 10, 60), outage('tie', 'a', 40, 50))['tie@40'],
      'breaker@10',
    ))

  it('is that of the fault, when another switch takes a section over without a gap', () =>
    assert.equal(roots(outage('breaker', 'a', 10, 20), outage('fuse', 'a', 20, 30))['fuse@20'], 'breaker@10'))

  it('stands, once it is known', () => {
    const known = new Map([['tie@40', { elementId: 'breaker', takenAt: 10 }]])
    assert.equal(keyOfLoss(eventRoots([outage('tie', 'a', 40, 50)], known).get('tie@40')!), 'breaker@10')
  })
})
