import { Type } from '@sinclair/typebox'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { readDevices } from './readings-repository.ts'

/** What the field reports, as programs ask for it. */
export const telemetryRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/devices',
    operationId: 'listDevices',
    summary: 'All devices with their latest reading',
    tag: 'field',
    right: 'read',
    query: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }) }),
    answers: { 200: { description: 'Devices by id', schema: Type.Object({ items: Type.Array(Type.Unknown()) }) } },
    handle: async ({ query }) => ({ body: { items: await readDevices(database, query.limit) } }),
  }),
]
