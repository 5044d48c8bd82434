import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Services } from '../../platform/http/services.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { telemetryApprovals } from './replay-approval.ts'

describe('approvals of telemetry', () => {
  // What it does is tested with the routes of quarantine.
  it('are of a replay: proposed by who may replay, decided by who may approve', () => {
    const kinds = telemetryApprovals({ environment: readEnvironment({}) } as Services)
    assert.deepEqual(
      kinds.map(({ kind, right }) => [kind, right]),
      [['telemetry/replay', { propose: 'quarantine', decide: 'approve' }]],
    )
  })
})
