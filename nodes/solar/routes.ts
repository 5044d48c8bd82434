import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { anomalyRoutes } from './anomalies/anomaly-routes.ts'
import { maintenanceRoutes } from './maintenance/maintenance-routes.ts'
import { performanceRoutes } from './performance/performance-routes.ts'

/** Solar plants, as programs ask for them. */
export const solarRoutes = (services: Services): readonly ApiRoute[] => [
  ...performanceRoutes(services),
  ...anomalyRoutes(services),
  ...maintenanceRoutes(services),
]
