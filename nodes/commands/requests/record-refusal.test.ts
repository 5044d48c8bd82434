import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { AccessEntry } from '../../../platform/access/access.ts'
import type { Identity } from '../../../platform/access/identity.ts'
import { recordingRefusal } from './record-refusal.ts'
import { refusedRequest } from './refusal.ts'

describe('refusals of commands', () => {
  const entries: string[] = []
  const take = (how: string) => (entry: AccessEntry) =>
    void entries.push(`${how} ${entry.event} ${entry.identity?.username ?? '-'} ${entry.subject}: ${entry.detail}`)
  const access = { recordAccess: async (entry: AccessEntry) => take('stored')(entry), noteAccess: take('noted') }
  const attempt = async (identity: Identity | undefined, error: Error): Promise<string[]> => {
    entries.length = 0
    const work = () => Promise.reject(error)
    await assert.rejects(
      recordingRefusal(access, 'open sw-1', () => ({ identity }), work),
      error,
    )
    return [...entries]
  }
  const refusal = refusedRequest(403, 'wrong-role', 'no')
  const ana = { username: 'ana' } as Identity

  it('are stored before whoever is known hears of them; of strangers they are noted, which is bounded', async () => {
    assert.deepEqual(await attempt(ana, refusal), ['stored command_refused ana open sw-1: wrong-role: no'])
    assert.deepEqual(await attempt(undefined, refusal), ['noted command_refused - open sw-1: wrong-role: no'])
  })

  it('are no faults of ours, and what is done is not taken down here', async () => {
    assert.deepEqual(await attempt(ana, new TypeError('a fault')), [])
    assert.equal(
      await recordingRefusal(
        access,
        'x',
        () => ({}),
        async () => 7,
      ),
      7,
    )
    assert.deepEqual(entries, [])
  })
})
