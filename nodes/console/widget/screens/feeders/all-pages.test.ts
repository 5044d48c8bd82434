import assert from 'node:assert/strict'
import type { Api, ListPage, Query } from '../../connection/api.ts'
import { allPages } from './all-pages.ts'

describe('a list, page by page', () => {
  const asked: Query[] = []
  const api: Pick<Api, 'get'> = {
    get<Answer>(_path: string, query: Query = {}): Promise<Answer> {
      asked.push(query)
      const from = Number(query['cursor'] ?? 0)
      const page: ListPage<number> = { items: [from, from + 1], nextCursor: from < 4 ? String(from + 2) : null }
      return Promise.resolve(page as Answer)
    },
  }

  it('is fetched to its end', async () => {
    assert.deepEqual(await allPages(api, '/api/x', { feederId: 'f1' }, { most: 100 }), {
      items: [0, 1, 2, 3, 4, 5],
      hasMore: false,
    })
    assert.deepEqual(
      asked.map(({ cursor, feederId, limit }) => [cursor, feederId, limit]),
      [
        [null, 'f1', 1_000],
        ['2', 'f1', 1_000],
        ['4', 'f1', 1_000],
      ],
    )
  })

  it('is not fetched beyond the most, and says that there is more', async () => {
    assert.deepEqual(await allPages(api, '/api/x', {}, { most: 3 }), { items: [0, 1, 2, 3], hasMore: true })
  })
})
