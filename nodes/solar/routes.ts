import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'

/** Solar plants, as programs ask for them. */
export const solarRoutes = (_services: Services): readonly ApiRoute[] => []
