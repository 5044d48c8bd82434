import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { consumptionRoutes } from './consumption-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { feederRoutes } from './feeder-routes.ts'
import { panelRoutes } from './panel-routes.ts'
import { quarantineRoutes } from './quarantine-routes.ts'
import { readingRoutes } from './reading-routes.ts'

/** What the field reports, as programs ask for it. */
export const telemetryRoutes = (services: Services): readonly ApiRoute[] => [
  ...feederRoutes(services),
  ...deviceRoutes(services),
  ...readingRoutes(services),
  ...panelRoutes(services),
  ...quarantineRoutes(services),
  ...consumptionRoutes(services),
]
