import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'

/** Control of feeders and demand response, as programs ask for them. */
export const feederControlRoutes = (_services: Services): readonly ApiRoute[] => []
