import type { ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { approvalRoutes } from './approval-routes.ts'
import { assignmentRoutes } from './assignment-routes.ts'
import { elementRoutes } from './element-routes.ts'
import { holderRoutes } from './holder-routes.ts'
import { importRoutes } from './import-routes.ts'
import { registryRoutes } from './registry-routes.ts'
import { serviceRoutes } from './service-routes.ts'
import { topologyRoutes } from './topology-routes.ts'

/** The registry, the network, and who holds the consumer units. */
export const networkRoutes = (services: Services): readonly ApiRoute[] => [
  ...registryRoutes(services),
  ...assignmentRoutes(services),
  ...elementRoutes(services),
  ...approvalRoutes(services),
  ...importRoutes(services),
  ...topologyRoutes(services),
  ...holderRoutes(services),
  ...serviceRoutes(services),
]
