import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { closeRoutes } from './control/close-routes.ts'

/** Continuity, as programs ask for it. */
export const continuityRoutes = (services: Services): readonly ApiRoute[] => [...closeRoutes(services)]
