import type { ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { classRoutes } from './class-routes.ts'
import { entryRoutes } from './entry-routes.ts'
import { importRoutes } from './import-routes.ts'
import { versionRoutes } from './version-routes.ts'

/** The master alarm table and its classes, as programs ask for them. */
export const tableRoutes = (services: Services): readonly ApiRoute[] => [
  ...entryRoutes(services),
  ...importRoutes(services),
  ...versionRoutes(services),
  ...classRoutes(services),
]
