import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { mapRoutes } from './papers/map-routes.ts'
import { regulatorRoutes } from './papers/regulator-routes.ts'

/** Continuity, as programs ask for it. */
export const continuityRoutes = (services: Services): readonly ApiRoute[] => [
  ...mapRoutes(services),
  ...regulatorRoutes(services),
]
