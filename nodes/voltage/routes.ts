import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { caseRoutes } from './case-routes.ts'
import { chargeRoutes } from './charge-routes.ts'
import { collectiveRoutes } from './collective-routes.ts'
import { compensationRoutes } from './compensation-routes.ts'
import { correctionRoutes } from './correction-routes.ts'
import { feederRoutes } from './feeder-routes.ts'
import { forecastRoutes } from './forecast-routes.ts'
import { letterRoutes } from './letter-routes.ts'
import { measurementRoutes } from './measurement-routes.ts'
import { paperRoutes } from './paper-routes.ts'
import { powerQualityRoutes } from './power-quality-routes.ts'
import { unitRoutes } from './unit-routes.ts'
import { unjudgedRoutes } from './unjudged-routes.ts'
import { windowRoutes } from './window-routes.ts'

/** Voltage quality, as programs ask for it. */
export const voltageRoutes = (services: Services): readonly ApiRoute[] => [
  ...unitRoutes(services),
  ...windowRoutes(services),
  ...correctionRoutes(services),
  ...unjudgedRoutes(services),
  ...feederRoutes(services),
  ...paperRoutes(services),
  ...letterRoutes(services),
  ...powerQualityRoutes(services),
  ...measurementRoutes(services),
  ...caseRoutes(services),
  ...chargeRoutes(services),
  ...compensationRoutes(services),
  ...collectiveRoutes(services),
  ...forecastRoutes(services),
]
