import assert from 'node:assert/strict'
import { dashboardNames, uidOf, type DashboardName } from './dashboard-names.ts'

describe('names of dashboards', () => {
  it('make uids that Grafana takes: 40 characters at most', () => {
    for (const name of Object.keys(dashboardNames) as DashboardName[]) assert.match(uidOf(name), /^[a-z-]{1,40}$/)
  })
})
