import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'

/** Continuity, as programs ask for it. */
export const continuityRoutes = (_services: Services): readonly ApiRoute[] => []
