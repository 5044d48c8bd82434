import { Type, type Static } from '@sinclair/typebox'
import { badField } from '../../../platform/http/problem.ts'
import { partCheck } from '../../../platform/http/request-check.ts'
import { EventId, EventRequest, reason } from './event-fields.ts'
import { NewProgramRequest, type ProgramRequest } from './program-fields.ts'

const CancelRequest = Type.Object({ cancel: EventId, reason: Type.Optional(reason) })
const ProgramMessage = Type.Object({ program: Type.Object(NewProgramRequest.properties) })

/** What a message asks of demand response. */
export type DemandAsked =
  | { readonly kind: 'event'; readonly request: EventRequest }
  | { readonly kind: 'program'; readonly request: ProgramRequest; readonly idempotencyKey: string | null }
  | { readonly kind: 'cancel'; readonly eventId: number; readonly reason: string | null }

const checks = {
  event: partCheck(EventRequest, 'payload'),
  program: partCheck(ProgramMessage, 'payload'),
  cancel: partCheck(CancelRequest, 'payload'),
}

/**
 * Reads a message: an event as `POST /api/events` takes it, `{program}` as `POST /api/dr-programs` takes it, or `{cancel, reason}`.
 * @throws Problem 400 naming field and value
 */
export function demandAsked(payload: unknown): DemandAsked {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw badField('payload', payload, 'must be an event, a {program} or a {cancel}')
  const kind = 'cancel' in payload ? 'cancel' : 'program' in payload ? 'program' : 'event'
  checks[kind](payload)
  if (kind === 'cancel') {
    const { cancel, reason = null } = payload as Static<typeof CancelRequest>
    return { kind, eventId: cancel, reason }
  }
  if (kind === 'event') return { kind, request: payload as EventRequest }
  const { idempotencyKey = null, ...request } = (payload as Static<typeof ProgramMessage>).program
  return { kind, request, idempotencyKey }
}
