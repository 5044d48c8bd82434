import { Type } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, Nullable } from '../../../platform/http/fields.ts'
import { badField, conflict, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { Identifier } from '../../../platform/wire/fields.ts'
import {
  assignUsers,
  countAreas,
  deleteArea,
  holdArea,
  listAreas,
  putArea,
  unknownFeeders,
  type ListedArea,
} from './responsibility-repository.ts'

const path = '/api/alarms/responsibility'
const tag = 'alarms'
const mostAreas = 500
const mostFeeders = 2_000
const mostUsers = 500

const named = Type.Object({ name: IdentifierParameter('The area of responsibility', 'north') })
const several = (description: string, maxItems: number, example: string) =>
  Type.Array(Identifier(description), { minItems: 1, maxItems, uniqueItems: true, examples: [[example]] })
const content = {
  feederIds: Nullable(several('Alarms on this feeder, and on those below it', mostFeeders, 'f-01')),
  conditionAreas: Nullable(several('Alarms of conditions that this area says', 50, 'voltage')),
}
const Area = Type.Object(
  {
    name: Type.String(),
    feederIds: Nullable(Type.Array(Type.String(), { description: 'With those below them; null: any, and none' })),
    conditionAreas: Nullable(Type.Array(Type.String(), { description: 'Such as voltage; null: any' })),
    usernames: Type.Array(Type.String(), { description: 'Who answers for it' }),
    changedBy: Type.String(),
    changedAt: Instant('When feeders and areas were set'),
  },
  { $id: 'ResponsibilityArea' },
)

/** Who answers for which alarms. */
export const responsibilityRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  const areaNamed = async (name: string) => {
    const [area] = await listAreas(database, name)
    if (!area) throw notFound('area of responsibility', 'path.name', name)
    return shown(area)
  }
  const recordChange = ({ identity, address }: ApiRequest, name: string, detail: string) =>
    access.recordAccess({ event: 'responsibility_changed', identity, address, subject: name, detail })

  return [
    defineRoute({
      method: 'GET',
      path,
      operationId: 'listResponsibilityAreas',
      summary: 'Areas of responsibility, and who answers for them',
      description:
        'A user may act on the alarms of the areas that it is assigned to; on all, where it is assigned to none.',
      ...{ tag, right: 'read' as const },
      answers: { 200: { description: 'Areas, by name', schema: Type.Object({ items: Type.Array(Area) }) } },
      handle: async () => ({ body: { items: (await listAreas(database)).map(shown) } }),
    }),
    defineRoute({
      method: 'PUT',
      path: `${path}/{name}`,
      operationId: 'putResponsibilityArea',
      summary: 'Set what is in an area of responsibility',
      description:
        'Feeders, areas of conditions, or what is of both; null in both: everything. It is made where there is none.',
      ...{ tag, right: 'configure-alarms' as const, params: named },
      body: Type.Object(content, { examples: [{ feederIds: null, conditionAreas: ['voltage'] }] }),
      answers: { 200: { description: 'The area as it is now', schema: Area } },
      async handle(request) {
        const { params, body, identity } = request
        const { name } = params
        await database.transaction(async (client) => {
          const queries = queriesOf(client)
          const [unknown] = await unknownFeeders(queries, body.feederIds ?? [])
          if (unknown !== undefined) throw badField('body.feederIds', unknown, 'must be a feeder of the registry')
          if (!(await holdArea(queries, name)) && (await countAreas(queries)) >= mostAreas)
            throw conflict(`there are ${mostAreas} areas of responsibility, and no more are taken`)
          await putArea(queries, { name, ...body }, identity!.username, wallClock.now())
        })
        await recordChange(request, name, JSON.stringify(body))
        return { body: await areaNamed(name) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: `${path}/{name}`,
      operationId: 'deleteResponsibilityArea',
      summary: 'Delete an area of responsibility to which nobody is assigned',
      description: 'Whoever is assigned to none answers for all: so assignments are taken back first, knowingly.',
      ...{ tag, right: 'configure-alarms' as const, params: named },
      answers: { 204: { description: 'It is gone' }, 409: { description: 'Somebody is assigned to it' } },
      async handle(request) {
        const { name } = request.params
        await inArea(name, async (queries) => {
          const [area] = await listAreas(queries, name)
          if (area!.usernames.length > 0)
            throw conflict(`assigned to ${area!.usernames.slice(0, 5).join(', ')}: take that back first`)
          await deleteArea(queries, name)
        })
        await recordChange(request, name, 'deleted')
        return {}
      },
    }),
    defineRoute({
      method: 'PUT',
      path: `${path}/{name}/users`,
      operationId: 'assignResponsibility',
      summary: 'Say who answers for an area: these users and no others',
      ...{ tag, right: 'configure-alarms' as const, params: named },
      body: Type.Object({
        usernames: Type.Array(Type.String({ minLength: 1, maxLength: 100, examples: ['operator'] }), {
          ...{ maxItems: mostUsers, uniqueItems: true, examples: [[]] },
        }),
      }),
      answers: { 200: { description: 'The area as it is now', schema: Area } },
      async handle(request) {
        const { name } = request.params
        const { usernames } = request.body
        await inArea(name, async (queries) => {
          const [unknown] = await assignUsers(queries, name, usernames)
          if (unknown !== undefined) throw badField('body.usernames', unknown, 'must be a user')
        })
        await recordChange(request, name, `assigned to ${usernames.join(', ') || 'nobody'}`)
        return { body: await areaNamed(name) }
      },
    }),
  ]

  function inArea(name: string, work: (queries: Queries) => Promise<void>): Promise<void> {
    return database.transaction(async (client) => {
      const queries = queriesOf(client)
      if (!(await holdArea(queries, name))) throw notFound('area of responsibility', 'path.name', name)
      await work(queries)
    })
  }
}

const shown = ({ changedAt, feederIds, conditionAreas, usernames, ...area }: ListedArea) => ({
  ...area,
  feederIds: feederIds && [...feederIds],
  conditionAreas: conditionAreas && [...conditionAreas],
  usernames: [...usernames],
  changedAt: changedAt.toISOString(),
})
