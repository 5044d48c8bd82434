import assert from 'node:assert/strict'
import { reasons } from '../../platform/wire/reasons.ts'
import { byDevice, byReason } from './quarantine-panels.ts'

describe('panels of the quarantine', () => {
  it('name every reason as people are told it', () => {
    for (const panel of [byReason, byDevice]) {
      const asked = JSON.stringify(panel.build().targets)
      for (const [reason, { pt }] of Object.entries(reasons))
        assert.ok(asked.includes(`when '${reason}' then '${pt}'`), pt)
    }
  })
})
