import type { Api, ListPage, Query } from '../../connection/api.ts'

/** What of a list was fetched. */
export interface Fetched<Item> {
  readonly items: readonly Item[]
  /** Whether there is more than the most that was asked for. */
  readonly hasMore: boolean
}

/**
 * Fetches a list page by page.
 * @param most  items at most, or a page more
 * @throws ApiFault
 */
export async function allPages<Item>(
  api: Pick<Api, 'get'>,
  path: string,
  query: Query,
  { most, signal }: { readonly most: number; readonly signal?: AbortSignal },
): Promise<Fetched<Item>> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const page: ListPage<Item> = await api.get<ListPage<Item>>(path, { ...query, limit: 1_000, cursor }, signal)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && items.length < most)
  return { items, hasMore: cursor !== null }
}
