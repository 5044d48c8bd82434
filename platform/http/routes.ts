import type { Api, RouteMaker } from './api.ts'

const makers: RouteMaker[] = []
let running: Api | undefined

/** An area tells its part of the API, before or after the API is up. */
export function provideRoutes(make: RouteMaker): void {
  makers.push(make)
  running?.add(make)
}

/** The API of this process is up: it has the routes so far, and gets those to come. */
export function runApi(api: Api): void {
  running = api
  for (const make of makers) api.add(make)
}
