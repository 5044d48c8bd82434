import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { AccessEntry } from '../access/access.ts'
import { conflict } from '../http/problem.ts'
import type { Approval } from './approval.ts'
import { recorded } from './recorded.ts'

describe('what is done with approvals', () => {
  const approval = { approvalId: 7, kind: 'test/name', effect: { deltaBrl: null }, decidedEffect: { deltaBrl: 12.5 } }
  const by = { identity: undefined, address: '192.0.2.1' }
  const attempt = async (work: () => Promise<Approval>) => {
    const entries: AccessEntry[] = []
    const access = { recordAccess: async (entry: AccessEntry) => void entries.push(entry) }
    const failed = await recorded(access, 'approved', 'approval 7', by, work).then(
      () => undefined,
      (error: unknown) => error,
    )
    return { failed, lines: entries.map(({ event, subject, detail }) => `${event} | ${subject} | ${detail}`) }
  }

  it('is in the access log with the amount that it was decided on', async () => {
    const { lines } = await attempt(async () => approval as unknown as Approval)
    assert.deepEqual(lines, ['approval_approved | approval 7 | test/name, R$ 12.50'])
  })

  it('is in the access log where it was refused, and heard of by whoever tried', async () => {
    const { failed, lines } = await attempt(async () => {
      throw conflict('it is expired')
    })
    assert.match(String(failed), /it is expired/)
    assert.deepEqual(lines, ['approval_refused | approval 7 | approved: it is expired'])
  })

  it('does not stand there where something of ours failed', async () => {
    const { failed, lines } = await attempt(async () => {
      throw new TypeError('a fault')
    })
    assert.deepEqual([failed instanceof TypeError, lines], [true, []])
  })
})
