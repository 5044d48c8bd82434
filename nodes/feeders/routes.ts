import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { balanceRoutes } from './control/balance-routes.ts'
import { demandRoutes } from './demand-response/demand-routes.ts'
import { limitRoutes } from './limits/limit-routes.ts'
import { loopRoutes } from './loop/loop-routes.ts'
import { openadrRoutes } from './openadr/openadr-routes.ts'
import { trackingRoutes } from './tracking/tracking-routes.ts'

/** Control of feeders and demand response, as programs ask for them. */
export const feederControlRoutes = (services: Services): readonly ApiRoute[] => [
  ...loopRoutes(services),
  ...balanceRoutes(services),
  ...demandRoutes(services),
  ...limitRoutes(services),
  ...openadrRoutes(services),
  ...trackingRoutes(services),
]
