import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { capabilityRoutes } from './devices/capability-routes.ts'
import { keyRoutes } from './dispatch/key-routes.ts'
import { holidayRoutes } from './interlocks/holiday-routes.ts'
import { tripRoutes } from './interlocks/trip-routes.ts'
import { listRoutes } from './lists/list-routes.ts'
import { acceptingOf } from './requests/accepting.ts'
import { decisionRoutes } from './requests/decision-routes.ts'
import { requestRoutes } from './requests/request-routes.ts'
import { tagRoutes } from './tags/tag-routes.ts'

/** Commands, as programs ask for them. */
export const commandRoutes = (services: Services): readonly ApiRoute[] => {
  const accepting = acceptingOf(services)
  return [
    ...requestRoutes(accepting),
    ...decisionRoutes(accepting),
    ...listRoutes(services.database),
    ...capabilityRoutes(services),
    ...keyRoutes(services),
    ...tagRoutes(services),
    ...tripRoutes(services),
    ...holidayRoutes(services),
  ]
}
