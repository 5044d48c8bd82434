import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { actionRoutes } from './actions/routes.ts'
import { kpiRoutes } from './kpis/kpi-routes.ts'
import { historyRoutes } from './lists/history-routes.ts'
import { listRoutes } from './lists/list-routes.ts'
import { listServicesOf } from './lists/list-services.ts'
import { notificationRoutes } from './notify/notification-routes.ts'
import { responsibilityRoutes } from './responsibility/responsibility-routes.ts'
import { entryRoutes } from './shift-log/entry-routes.ts'
import { handoverRoutes } from './shift-log/handover-routes.ts'
import { tableRoutes } from './table/table-routes.ts'

/** Alarms, as programs ask for them. */
export const alarmRoutes = (services: Services): readonly ApiRoute[] => {
  const lists = listServicesOf(services)
  return [
    ...listRoutes(lists),
    ...historyRoutes(lists),
    ...kpiRoutes(lists),
    ...actionRoutes(services),
    ...notificationRoutes(services),
    ...responsibilityRoutes(services),
    ...tableRoutes(services),
    ...entryRoutes(services),
    ...handoverRoutes(services),
  ]
}
