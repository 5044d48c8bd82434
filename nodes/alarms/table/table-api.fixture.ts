import { listAccess, type ListedAccess } from '../../../platform/access/access-log-repository.ts'
import { useApi, type ApiReply, type Caller, type TestApi } from '../../../platform/http/api.fixture.ts'
import { tableRoutes } from './table-routes.ts'

export const path = '/api/alarms/table'
export const entryId = 'telemetry~device-silent~*~*'

/** The routes of the table over a database of their own, asked as an engineer. */
export interface TableApi {
  readonly api: TestApi
  engineer(): Caller
  newest(): Promise<number>
  /** What an entry says, beside what it is about. */
  definitionOf(id?: string): Promise<Record<string, unknown>>
  /** Says of an entry what the one of silent devices says, but for a change. */
  put(change: object, at?: { readonly id?: string; readonly version?: number }): Promise<ApiReply>
  lastAccess(): Promise<ListedAccess>
}

export function useTableApi(): TableApi {
  const api = useApi({ routes: [tableRoutes] })
  const engineer = (): Caller => api.as('engineer')
  const newest = async (): Promise<number> => (await engineer().get(path)).body.version
  const definitionOf = async (id = entryId): Promise<Record<string, unknown>> => {
    const { body } = await engineer().get(`${path}/entries/${id}`)
    const { entryId: _id, scope: _scope, shipped: _shipped, rule: _rule, override: _override, ...definition } = body
    return definition
  }
  return {
    ...{ api, engineer, newest, definitionOf },
    put: async (change, { id = entryId, version } = {}) =>
      engineer().put(`${path}/entries/${id}`, {
        ...{ version: version ?? (await newest()), reason: 'review' },
        definition: { ...(await definitionOf()), ...change },
      }),
    lastAccess: async () => (await listAccess(api.services.database, { event: null, username: null }, null, 1))[0]!,
  }
}
