import assert from 'node:assert/strict'
import { access, auditEntries } from './audit-panels.ts'

describe('panels of the audit', () => {
  it('read that something was entered, and never what or by whom', () => {
    for (const panel of [access, auditEntries]) {
      const asked = JSON.stringify(panel.build().targets)
      assert.match(asked, /from (audit|access)_report/)
      assert.doesNotMatch(asked, /content|username|subject|detail/)
    }
  })
})
