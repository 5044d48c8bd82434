import type { FrontDoorOptions } from '../http/front-door.ts'
import type { Services } from '../http/services.ts'

/** What this process of Node-RED stands on, and who is let in to it. */
interface Running {
  readonly services: Services
  readonly guard: FrontDoorOptions
}

let running: Running | undefined

/** Undefined where nodes run without our settings file, as in a test. */
export const runningServices = (): Services | undefined => running?.services
export const runningGuard = (): FrontDoorOptions | undefined => running?.guard

export function run(given: Running): void {
  running = given
}
