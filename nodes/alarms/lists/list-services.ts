import { Type } from '@sinclair/typebox'
import type { Identity } from '../../../platform/access/identity.ts'
import type { Services } from '../../../platform/http/services.ts'
import { IdentifierParameter } from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { MasterTable } from '../domain/definition.ts'
import type { Scope } from '../domain/responsibility.ts'
import { tableNow } from '../table/running-table.ts'
import { scopeOfArea, scopeOfUser } from '../responsibility/responsibility-repository.ts'

/** What lists, history and key figures of alarms stand on. */
export interface ListServices extends Pick<Services, 'database'> {
  /** IANA zone of the house. */
  readonly timeZone: string
  /** As it holds now. */
  masterTable(): Promise<MasterTable>
}

/** What the lists of a process stand on. */
export const listServicesOf = ({ database, environment }: Services): ListServices => ({
  ...{ database, timeZone: environment.TIME_ZONE, masterTable: () => tableNow(database) },
})

/** Query parameters that say whose alarms are wanted. */
export const responsibilityQuery = {
  mine: Type.Optional(Type.Boolean({ description: 'Only what whoever asks answers for' })),
  responsibility: Type.Optional(
    IdentifierParameter('Only what this area of responsibility answers for; `mine` says nothing then', 'north'),
  ),
}

/** What routes that take it answer beside. */
export const responsibilityAnswers = { 404: { description: 'There is no such area of responsibility' } }

/**
 * What is answered for.
 * @returns null where nobody asked, or whoever asks answers for all
 * @throws Problem 404 for an area of responsibility that is not there
 */
export async function askedScope(
  queries: Queries,
  { mine, responsibility }: { readonly mine?: boolean | undefined; readonly responsibility?: string | undefined },
  identity: Identity | undefined,
): Promise<Scope> {
  if (responsibility === undefined) return mine && identity ? scopeOfUser(queries, identity.username) : null
  const scope = await scopeOfArea(queries, responsibility)
  if (scope === undefined) throw notFound('area of responsibility', 'query.responsibility', responsibility)
  return scope
}
