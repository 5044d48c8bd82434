import type { ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { tableNow } from '../table/running-table.ts'
import { ActionAudit } from './action-audit.ts'
import { actingRoutes } from './action-routes.ts'
import { auditRoutes } from './audit-routes.ts'

/** What persons do with alarms, and what was done. */
export const actionRoutes = ({ database }: Services): readonly ApiRoute[] => [
  ...actingRoutes({ database, audit: new ActionAudit(), table: () => tableNow(database) }),
  ...auditRoutes(database),
]
