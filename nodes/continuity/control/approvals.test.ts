import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Services } from '../../../platform/http/services.ts'
import { readEnvironment } from '../../../platform/runtime/environment.ts'
import { continuityApprovals } from './approvals.ts'

describe('what of continuity takes two persons', () => {
  const kinds = continuityApprovals({ environment: readEnvironment({}) } as Services)

  it('is what takes away from indicators, or puts back, and what freezes them', () =>
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      [
        'continuity/exclusion',
        'continuity/exclusion-taken-back',
        'continuity/critical-day',
        'continuity/critical-day-taken-back',
        'continuity/emergency-situation',
        'continuity/correction',
        'continuity/month-close',
      ],
    ))

  it('is proposed by who operates, and decided by who may approve', () => {
    for (const { right } of kinds) assert.deepEqual(right, { propose: 'operate', decide: 'approve' })
  })
})
