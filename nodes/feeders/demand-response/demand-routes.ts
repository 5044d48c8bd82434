import type { ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { eventRoutes } from './event-routes.ts'
import { participationRoutes } from './participation-routes.ts'
import { programRoutes } from './program-routes.ts'

/** Demand response, as programs ask for it. */
export const demandRoutes = (services: Services): readonly ApiRoute[] => [
  ...eventRoutes(services),
  ...programRoutes(services),
  ...participationRoutes(services),
]
