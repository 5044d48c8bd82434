import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AccessEntry } from '../access/access-log.ts'
import { listsOf, recordPersonal } from './personal-access.ts'

const identity = { username: 'maria', role: 'operator', sessionId: 's', expiresAt: 0, sessionEndsAt: 0 } as const

async function recorded(unitIds: readonly string[]): Promise<AccessEntry[]> {
  const entries: AccessEntry[] = []
  const access = { recordAccess: async (entry: AccessEntry) => void entries.push(entry) }
  await recordPersonal(access, { identity, address: '10.0.0.1' }, 'consumption_read', unitIds)
  return entries
}

describe('a read of consumption', () => {
  it('is written down with who, which units and how many', async () => {
    assert.deepEqual(await recorded(['u-2', 'u-1', 'u-2']), [
      { event: 'consumption_read', identity, address: '10.0.0.1', subject: '2 units', detail: 'u-1 u-2' },
    ])
    assert.equal((await recorded(['u-7']))[0]!.subject, 'u-7')
  })

  it('of nobody is not written down', async () => assert.deepEqual(await recorded([]), []))

  it('names every unit once, in entries that fit (property)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,64}$/), { maxLength: 200 }), (units) => {
        const lists = listsOf(units)
        assert.deepEqual(lists.join(' ').split(' ').filter(Boolean), units)
        assert.ok(lists.every((list) => list.length <= 950))
      }),
    )
  })
})
