import type { FrontDoorOptions } from '../http/front-door.ts'
import type { Services } from '../http/services.ts'

let services: Services | undefined
let guard: FrontDoorOptions | undefined

/** What this process of Node-RED stands on; undefined where nodes run without our settings file, as in a test. */
export const runningServices = (): Services | undefined => services

/** @param given undefined: a test leaves none behind */
export function runServices(given: Services | undefined): void {
  services = given
}

/** Who is let in to this process, and how; undefined as above. */
export const runningGuard = (): FrontDoorOptions | undefined => guard

export function runGuard(given: FrontDoorOptions): void {
  guard = given
}
