import assert from 'node:assert/strict'
import type { Api } from '../../connection/api.ts'
import { type Operation, positionsOf, readElements, readPositions, readSections } from './feeder-network.ts'

const signal = new AbortController().signal
const told = (switchId: string, second: number, closed: string, source: Operation['source'] = 'event'): Operation => ({
  ...{ switchId, closed, source, at: `2026-11-22T12:00:${String(second).padStart(2, '0')}.000Z` },
})
/** An API that answers by path, and notes what it was asked. */
function answering(answers: (path: string, query: Record<string, unknown>) => unknown) {
  const asked: string[] = []
  const api = {
    get: async (path: string, query: Record<string, unknown> = {}) => {
      asked.push(`${path} ${JSON.stringify(query)}`)
      return answers(path, query)
    },
  } as unknown as Pick<Api, 'get'>
  return { api, asked }
}

describe('how switches stand', () => {
  it('is what the newest word says; of one instant a person goes before an event, that before a reading', () => {
    const operations = [
      told('s1', 1, 'ABC'),
      told('s1', 2, ''),
      told('s2', 3, 'ABC', 'reading'),
      told('s2', 3, 'A', 'person'),
      told('s2', 3, '', 'event'),
    ]
    for (const each of [operations, operations.toReversed()])
      assert.deepEqual(Object.fromEntries(positionsOf(each)), { s1: '', s2: 'A' })
  })

  it('is asked for switch by switch where there are more operations than are read, and only once', async () => {
    const { api, asked } = answering((_path, { switchId }) =>
      switchId === undefined
        ? { items: [told('s1', 5, '')], nextCursor: 'more' }
        : { items: switchId === 's2' ? [told('s2', 1, 'AB')] : [], nextCursor: null },
    )
    const before = new Map<string, string | null>()
    for (let round = 0; round < 2; round++) {
      const positions = await readPositions(api, ['s1', 's2', 's3'], before, signal)
      assert.deepEqual(Object.fromEntries(positions), { s1: '', s2: 'AB' })
    }
    assert.equal(asked.length, 4)
  })
})

describe('what there is of the network', () => {
  it('is read page by page', async () => {
    const { api, asked } = answering((path, { cursor }) => ({
      items: [{ sectionId: `${path} ${String(cursor)}` }],
      nextCursor: cursor === undefined ? 'second' : null,
    }))
    assert.equal((await readSections(api, signal)).size, 2)
    const { sources, switches } = await readElements(api, signal)
    assert.deepEqual([sources.length, switches.length, asked.length], [2, 2, 6])
  })
})
