import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { commandsAndAudit } from './commands-and-audit.ts'
import { dashboardOf } from './dashboard.ts'

const made = dashboardOf(commandsAndAudit)
const asked = JSON.stringify(made)

describe('dashboard of commands and audit', () => {
  it('reads reports without persons, and no table that has them', () => {
    for (const table of ['command', 'command_transition', 'approval', 'equipment_tag', 'audit_entry', 'access_log'])
      assert.ok(!new RegExp(`(from|join) ${table}\\b(?!_report)`).test(asked), table)
    assert.ok(!/username|requested_by|proposed_by|address/.test(asked.replaceAll(/"description":"[^"]*"/g, '')))
  })

  it('calls done what was seen to be done', () => {
    const panel = (made.panels as Panel[]).find(({ title }) => title === 'Comandos cumpridos')!
    assert.match(JSON.stringify(panel.targets), /filter \(where c\.state in \('verified', 'reconciled_done'\)\)/)
  })
})
