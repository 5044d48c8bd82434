import { allowedOriginsOf } from '../http/cors.ts'
import type { FrontDoorOptions } from '../http/front-door.ts'
import { OpenConnections } from '../http/open-connections.ts'
import type { Services } from '../http/services.ts'
import { proxiesOf } from '../http/trusted-proxies.ts'
import { isLoopback } from '../wire/loopback.ts'
import { isProduction } from './environment.ts'

/** Who is let in, and how, by this environment. */
export function openGuard({ access, environment }: Pick<Services, 'access' | 'environment'>): FrontDoorOptions {
  const { BIND_ADDRESS, NETWORK_BOUNDARY, FLOW_EDITOR } = environment
  return {
    access,
    connections: new OpenConnections(),
    isTrusted: proxiesOf(environment),
    proxiesOnly: isProduction(environment) && NETWORK_BOUNDARY === 'host' && !isLoopback(BIND_ADDRESS),
    editor: FLOW_EDITOR === 'on',
    allowedOrigins: allowedOriginsOf(environment),
    refused(entry) {
      const { event, identity, address = '', subject = '', detail = '' } = entry
      console.log(`[warn] [access] ${event}: ${identity?.username ?? 'nobody'} at ${address}: ${subject}: ${detail}`)
      access.noteAccess(entry)
    },
  }
}
