import type { CommandInFull } from './answers.ts'
import type { Draft, Shelf } from './intent.ts'

/** Somebody wants a switch open. */
export const draft: Draft = {
  ...{ deviceId: 'sw-001', type: 'open', args: {}, reason: 'Works at pole 17', expiresAfterMs: 600_000 },
}

export const acceptedCommand: CommandInFull = {
  ...{ commandId: 'c-1', deviceId: 'sw-001', feederId: 'feeder-01', ofUnit: false, type: 'open', args: {} },
  ...{ state: 'pending_approval', stateSince: '2026-11-22T12:00:00.000Z', stateReason: null, isInFlight: false },
  ...{ isQuarantined: false, requestedBy: 'operator', requestedAt: '2026-11-22T12:00:00.000Z', attempts: 0 },
  ...{ reason: 'Works at pole 17', expiresAt: '2026-11-22T12:10:00.000Z', approvalId: 7, bodyHash: 'b'.repeat(64) },
  ...{ controlNumber: null, supersededBy: null, timeline: [], acks: [] },
  plan: {
    ...{ needsApproval: true, needsSelect: true, needsVerification: true, mostAttempts: 5 },
    ...{ answerWithinMs: 10_000, verifyWithinMs: 60_000 },
  },
}

/** The storage of a window that has nothing in it yet. */
export function emptyShelf(): Shelf {
  const kept = new Map<string, string>()
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  }
}
