import assert from 'node:assert/strict'
import type { AccessEntry } from '../../../platform/access/access-log.ts'
import type { Access } from '../../../platform/access/access.ts'
import type { Role } from '../../../platform/access/roles.ts'
import { Problem } from '../../../platform/http/problem.ts'
import { nothingChanged } from '../domain/table-overrides.ts'
import { ImpossibleTable, StaleTable } from './change-table.ts'
import { changing } from './table-audit.ts'

describe('who changes the table', () => {
  const change = { subject: 'alarm x', base: 3, reason: ' because ', placeOf: () => 'body.x' }
  const attempt = async (role: Role, work: Parameters<typeof changing>[3]) => {
    const recorded: AccessEntry[] = []
    const access = { recordAccess: async (entry: AccessEntry) => void recorded.push(entry) } as unknown as Access
    const identity = { username: 'ana', role, sessionId: 's' } as never
    const outcome = await changing(access, { identity, address: '' }, change, work).catch((error: unknown) => error)
    return { outcome, recorded: recorded.map(({ event, detail }) => [event, detail]) }
  }
  const make = (version: number) => async () => ({ version, change: nothingChanged })

  it('is written down once it is changed, and not where nothing changed', async () => {
    assert.deepEqual((await attempt('admin', make(4))).recorded, [['alarm_table_changed', 'version 4: because']])
    assert.deepEqual((await attempt('admin', make(3))).recorded, [])
  })

  it('is told and written down to be refused', async () => {
    const refusals = [
      ['operator', make(4), 403, /the role operator does not have the right configure-alarms/],
      ['engineer', () => Promise.reject(new StaleTable(3, 5)), 409, /at version 5 by now/],
      [
        ...['engineer' as const],
        () => Promise.reject(new ImpossibleTable([{ of: 'x', field: 'f', value: 1, problem: 'must be 2' }])),
        ...([400, /body\.x is 1: it must be 2/] as const),
      ],
    ] as const
    for (const [role, work, status, problem] of refusals) {
      const { outcome, recorded } = await attempt(role, work)
      assert.ok(outcome instanceof Problem)
      assert.equal(outcome.status, status)
      assert.match(outcome.message, problem)
      assert.deepEqual(recorded, [['alarm_table_refused', `${outcome.message} (given reason: because)`]])
    }
  })

  it('is not refused by a fault of ours, which stays what it is', async () => {
    const { outcome, recorded } = await attempt('admin', () => Promise.reject(new TypeError('ours')))
    assert.ok(outcome instanceof TypeError)
    assert.deepEqual(recorded, [])
  })
})
