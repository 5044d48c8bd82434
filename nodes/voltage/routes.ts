import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { feederRoutes } from './feeder-routes.ts'
import { letterRoutes } from './letter-routes.ts'
import { paperRoutes } from './paper-routes.ts'
import { unitRoutes } from './unit-routes.ts'
import { windowRoutes } from './window-routes.ts'

/** Voltage quality, as programs ask for it. */
export const voltageRoutes = (services: Services): readonly ApiRoute[] => [
  ...unitRoutes(services),
  ...windowRoutes(services),
  ...feederRoutes(services),
  ...paperRoutes(services),
  ...letterRoutes(services),
]
