import { Type } from '@sinclair/typebox'
import { IdentifierParameter, OneOf } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { notFound } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { unitExists } from './holder-repository.ts'
import { writeServices } from './import/repository.ts'
import { recordPersonal } from './personal-access.ts'
import { findService, listServices } from './service-repository.ts'

const unitId = IdentifierParameter('The consumer unit', 'unit-001')
const service = OneOf(
  ['safety', 'life_support', 'essential'],
  "safety: people's safety hangs on it; life_support: somebody's life does; essential: an essential service",
)
const Service = Type.Object({ unitId, service }, { $id: 'PriorityService' })
const params = Type.Object({ unitId })
const path = '/api/units/{unitId}/service' as const
const keys = new Keyset(Type.Object({ unitId: Type.String() }))

/** Which units are restored before others, and why: that somebody's life hangs on one is personal. Every look is written down. */
export const serviceRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  async function checkUnit(unit: string): Promise<void> {
    if (!(await unitExists(database, unit))) throw notFound('unit', 'path.unitId', unit)
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/services',
      operationId: 'listPriorityServices',
      summary: 'Units that are restored before others',
      tag: 'personal data',
      right: 'personal',
      query: Type.Object(pageQuery()),
      answers: { 200: { description: 'By unit', schema: pageOf(Service) } },
      csv: [
        { name: 'unitId', kind: 'text' },
        { name: 'service', kind: 'text' },
      ],
      async handle(request) {
        const { cursor, limit } = request.query
        const rows = await listServices(database, { after: keys.after(cursor)?.unitId, limit: limit + 1 })
        const page = keys.page(rows, limit, ({ unitId }) => ({ unitId }))
        const event = request.format === 'csv' ? 'personal_exported' : 'personal_read'
        await recordPersonal(
          ...([access, request, event] as const),
          page.items.map(({ unitId }) => unitId),
        )
        return { body: page }
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      operationId: 'getPriorityService',
      summary: 'Why a consumer unit is restored before others',
      tag: 'personal data',
      right: 'personal',
      params,
      answers: { 200: { description: 'Why', schema: Service } },
      async handle(request) {
        const unit = request.params.unitId
        await checkUnit(unit)
        const found = await findService(database, unit)
        if (!found) throw notFound('priority service of unit', 'path.unitId', unit)
        await recordPersonal(access, request, 'personal_read', [unit])
        return { body: found }
      },
    }),
    defineRoute({
      method: 'PUT',
      path,
      operationId: 'putPriorityService',
      summary: 'Say why a consumer unit is restored before others',
      tag: 'personal data',
      right: 'personal',
      params,
      body: Type.Object({ service }),
      answers: { 200: { description: 'Why', schema: Service } },
      async handle(request) {
        const unit = request.params.unitId
        const { service } = request.body
        await checkUnit(unit)
        await database.transaction((client) => writeServices(client, [{ unit_id: unit, service }]))
        await recordPersonal(access, request, 'personal_changed', [unit])
        return { body: { unitId: unit, service } }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path,
      operationId: 'deletePriorityService',
      summary: 'Restore a consumer unit as any other',
      tag: 'personal data',
      right: 'personal',
      params,
      answers: { 204: { description: 'It is as any other' } },
      async handle(request) {
        const unit = request.params.unitId
        await checkUnit(unit)
        if (!(await findService(database, unit))) throw notFound('priority service of unit', 'path.unitId', unit)
        await database.transaction((client) => writeServices(client, [{ unit_id: unit, service: null }]))
        await recordPersonal(access, request, 'personal_erased', [unit])
        return {}
      },
    }),
  ]
}
