import type { FrontDoorOptions } from '../http/front-door.ts'
import type { Services } from '../http/services.ts'

let services: Services | undefined
let guard: FrontDoorOptions | undefined

/** What this process of Node-RED stands on; undefined where nodes run without our settings file, as in a test. */
export const runningServices = (): Services | undefined => services

/** @param given  undefined: none any more, as a test leaves it */
export function runServices(given: Services | undefined): void {
  services = given
}

/** Who is let in to this process, and how; undefined as above. */
export const runningGuard = (): FrontDoorOptions | undefined => guard

/** @param given  as above */
export function runGuard(given: FrontDoorOptions | undefined): void {
  guard = given
}
