import assert from 'node:assert/strict'
import { alertText } from '../code/alert-files.ts'
import { alertRules } from '../code/alert-rules.ts'
import { alertsAsDashboard } from './alerts.ts'

describe('alert rules as a dashboard', () => {
  const { panels } = alertsAsDashboard(alertText())

  it('has a panel for each, that asks what the rule asks over its own time', () => {
    assert.deepEqual(
      panels.map(({ title, looksBack }) => [title, looksBack]),
      alertRules.map(({ title, looksBackS }) => [title.pt, `${looksBackS}s`]),
    )
    assert.match(panels[0]!.targets![0]!.rawSql!, /- max\(committed_at\)/)
    assert.equal(panels.at(-1)!.targets![0]!.query, 'SELECT count("p_kw") FROM "meter" WHERE $timeFilter')
  })
})
