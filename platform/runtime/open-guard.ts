import { originsOf } from '../http/cors.ts'
import type { FrontDoorOptions } from '../http/front-door.ts'
import { OpenConnections } from '../http/open-connections.ts'
import type { Services } from '../http/services.ts'
import { trustedProxies } from '../http/trusted-proxies.ts'
import { isLoopback } from '../wire/loopback.ts'
import { isProduction } from './environment.ts'

/** Who is let in, and how, by this environment. */
export function openGuard({ access, environment }: Pick<Services, 'access' | 'environment'>): FrontDoorOptions {
  const { BIND_ADDRESS, NETWORK_BOUNDARY, TRUSTED_PROXIES, CORS_ORIGINS, FLOW_EDITOR } = environment
  return {
    access,
    connections: new OpenConnections(),
    isTrusted: (TRUSTED_PROXIES && trustedProxies(TRUSTED_PROXIES)) || (() => false),
    proxiesOnly: isProduction(environment) && NETWORK_BOUNDARY === 'host' && !isLoopback(BIND_ADDRESS),
    editor: FLOW_EDITOR === 'on',
    allowedOrigins: (CORS_ORIGINS && originsOf(CORS_ORIGINS)) || new Set(),
    refused(entry) {
      const { event, identity, address = '', subject = '', detail = '' } = entry
      console.log(`[warn] [access] ${event}: ${identity?.username ?? 'nobody'} at ${address}: ${subject}: ${detail}`)
      access.noteAccess(entry)
    },
  }
}
