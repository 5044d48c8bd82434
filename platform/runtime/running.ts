import type { Services } from '../http/services.ts'

let running: Services | undefined

/** What this process of Node-RED stands on; undefined where nodes run without our settings file, as in a test. */
export const runningServices = (): Services | undefined => running

export function runServices(services: Services): void {
  running = services
}
