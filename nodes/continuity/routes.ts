import type { ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { compensationRoutes } from './compensation/compensation-routes.ts'
import { closeRoutes } from './control/close-routes.ts'
import { continuityConjuntoRoutes } from './indicators/conjunto-routes.ts'
import { continuityUnitRoutes } from './indicators/unit-routes.ts'
import { interruptionEntryRoutes } from './interruptions/entry-routes.ts'
import { interruptionRoutes } from './interruptions/interruption-routes.ts'
import { paperRoutes } from './papers/routes.ts'
import { outageRoutes } from './outlook/outage-routes.ts'
import { policyRoutes } from './outlook/policy-routes.ts'
import { criticalDayRoutes } from './registers/critical-day-routes.ts'
import { emergencyRoutes } from './registers/emergency-routes.ts'
import { entryRoutes } from './registers/entry-routes.ts'
import { registerRoutes } from './registers/register-routes.ts'

/** Continuity, as programs ask for it. */
export const continuityRoutes = (services: Services): readonly ApiRoute[] => [
  ...interruptionRoutes(services),
  ...interruptionEntryRoutes(services),
  ...registerRoutes(services),
  ...entryRoutes(services),
  ...criticalDayRoutes(services),
  ...emergencyRoutes(services),
  ...continuityUnitRoutes(services),
  ...continuityConjuntoRoutes(services),
  ...closeRoutes(services),
  ...outageRoutes(services),
  ...policyRoutes(services),
  ...compensationRoutes(services),
  ...paperRoutes(services),
]
