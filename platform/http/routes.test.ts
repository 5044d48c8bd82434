import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Api, RouteMaker } from './api.ts'
import { provideRoutes, runApi } from './routes.ts'

describe('routes of the areas', () => {
  it('get into the API, whichever is there first', () => {
    const added: RouteMaker[] = []
    const [early, late]: RouteMaker[] = [() => [], () => []]
    provideRoutes(early!)
    runApi({ add: (make) => void added.push(make) } as Api)
    assert.deepEqual(added.slice(-1), [early])
    provideRoutes(late!)
    assert.deepEqual(added.slice(-2), [early, late])
  })
})
