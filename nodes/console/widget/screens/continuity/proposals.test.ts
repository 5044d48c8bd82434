import assert from 'node:assert/strict'
import { approvalOf, bodyLines, kindOf, ofContinuity, type Proposal } from './proposals.ts'

const proposal = (approvalId: number, kind: string, expiresAt: string): Proposal => ({
  ...{ approvalId, kind, expiresAt, body: {}, bodyHash: 'ab', evidence: 'report', effect: { deltaBrl: -4.2 } },
  ...{ proposedBy: 'operator', proposedAt: '2026-11-22T12:00:00.000Z' },
})

describe('what is to be decided', () => {
  it('is of continuity here, and what expires first comes first', () => {
    const all = [
      proposal(1, 'continuity/exclusion', '2026-11-29T12:00:00.000Z'),
      proposal(2, 'commands/command', '2026-11-22T12:10:00.000Z'),
      proposal(3, 'continuity/critical-day', '2026-11-28T12:00:00.000Z'),
      proposal(4, 'telemetry/replay', '2026-11-22T12:10:00.000Z'),
    ]
    assert.deepEqual(
      ofContinuity(all).map(({ approvalId }) => approvalId),
      [3, 1],
    )
    assert.deepEqual([kindOf(all[0]!), kindOf(all[1]!)], ['exclusion', undefined])
  })

  it('is approved with the amount that was seen, where that has moved', () => {
    const one = proposal(1, 'continuity/exclusion', '')
    assert.deepEqual(approvalOf(one, { deltaBrl: -4.2 }), { bodyHash: 'ab' })
    assert.deepEqual(approvalOf(one, { deltaBrl: -5 }), { bodyHash: 'ab', confirmedDeltaBrl: -5 })
    assert.deepEqual(approvalOf(one, { deltaBrl: null }), { bodyHash: 'ab', confirmedDeltaBrl: null })
  })

  it('is said in few words', () => {
    const terms = { term_interruptionId: 'Interruption', 'value_external-origin': 'from outside', value_true: 'yes' }
    const body = { interruptionId: 4711, reason: 'external-origin', conjuntoIds: ['1', '2'], programmed: true }
    assert.deepEqual(bodyLines(body, terms), [
      ['Interruption', '4711'],
      ['reason', 'from outside'],
      ['conjuntoIds', '1, 2'],
      ['programmed', 'yes'],
    ])
    const many = { units: Array.from({ length: 20 }, (_, index) => index) }
    assert.match(bodyLines(many, terms)[0]![1], /^0, .*, 7 … \(20\)$/)
  })
})
