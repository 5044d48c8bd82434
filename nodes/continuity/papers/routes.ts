import type { ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { checkRoutes } from './check-routes.ts'
import { exportRoutes } from './export-routes.ts'
import { mapRoutes } from './map-routes.ts'
import { regulatorRoutes } from './regulator-routes.ts'

/** What leaves the house: official files, the public outage map, and what the regulator asks. */
export const paperRoutes = (services: Services): readonly ApiRoute[] => [
  ...exportRoutes(services),
  ...checkRoutes(services),
  ...mapRoutes(services),
  ...regulatorRoutes(services),
]
