import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Identity } from '../../../platform/access/identity.ts'
import type { Role } from '../../../platform/access/roles.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { commandColumns, shownCommand, shownInFull } from './command-fields.ts'
import type { ListedCommand } from './command-repository.ts'

describe('a command as it goes out', () => {
  const { plan, capabilities, requestReason, ...made } = aMadeCommand()
  const listed: ListedCommand = {
    ...{ ...made, reason: requestReason, state: 'queued', stateSince: begun, stateReason: null, isInFlight: false },
    ...{ isQuarantined: false, requestedBy: 'ana', requestedAt: begun, controlNumber: null, attempts: 0 },
    ...{ firstDispatchedAt: null, supersededBy: null, ofUnit: false },
  }

  it('has its instants in ISO 8601', () => {
    const { requestedAt, expiresAt, firstDispatchedAt } = shownCommand(listed, undefined)
    assert.deepEqual(
      [requestedAt, expiresAt, firstDispatchedAt],
      ['2026-09-07T12:00:00.000Z', '2026-09-07T12:10:00.000Z', null],
    )
  })

  it('does not tell why a unit is cut off, but to who may see personal data, or decides on it', () => {
    const ofUnit: ListedCommand = {
      ...listed,
      ofUnit: true,
      args: { reason: 'non_payment' },
      reason: 'unpaid since June',
    }
    const step = {
      at: 0,
      recordedAt: 0,
      fromState: null,
      toState: 'queued',
      cause: 'requested',
      username: 'ana',
    } as const
    const ack = {
      receivedAt: 0,
      saidAt: null,
      status: 'accepted',
      controlNumber: 1,
      addCause: null,
      hadEffect: true,
    } as const
    const shownTo = (role: Role) => {
      const steps = [{ ...step, reason: 'unpaid' }]
      const told = shownInFull({ ...ofUnit, plan, capabilities }, steps, [{ ...ack, reason: 'unpaid' }], {
        role,
      } as Identity)
      return JSON.stringify(told)
    }
    assert.doesNotMatch(shownTo('viewer'), /unpaid|non_payment/)
    for (const role of ['operator', 'engineer', 'admin'] as const) assert.match(shownTo(role), /non_payment.*unpaid/)
  })

  it('has a column for every field but its arguments, which no cell holds', () => {
    const names = commandColumns.map(({ name }) => name)
    assert.deepEqual(
      names.toSorted(),
      Object.keys(shownCommand(listed, undefined))
        .filter((name) => name !== 'args')
        .toSorted(),
    )
  })
})
