import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { enterEvent, type EntryOutcome } from './enter-event.ts'
import { eventAsked, type EventRequest } from './event-fields.ts'
import { eventNamed } from './event-repository.ts'

export interface Asking {
  /** `api:<user>` or `node:<name>`: keys are its own. */
  readonly source: string
  readonly username: string
  /** UTC milliseconds of the platform's clock. */
  readonly at: number
  /** Feeder that is meant where none is named; undefined: each root. */
  readonly defaultFeederId: string | undefined
}

/**
 * Enters an event as a request asks for it, in a transaction of its own: once for each key. The same request is the same event also
 * where it says `now`, and once it is over.
 * @throws Problem 400 naming field and value, 409
 */
export async function enterAsked(queries: Queries, request: EventRequest, asking: Asking): Promise<EntryOutcome> {
  const { idempotencyKey: externalId = null, ...asked } = request
  const { source, username, at } = asking
  const requestHash = sha256Of(canonicalJson(asked))
  const known = externalId === null ? undefined : await eventNamed(queries, source, externalId)
  if (known?.requestHash === requestHash) return { eventId: known.eventId, outcome: 'repeated' }
  const event = eventAsked(request, at, asking.defaultFeederId)
  return enterEvent(queries, event, { source, externalId, requestHash, whenChanged: 'refuse' }, username, at)
}
