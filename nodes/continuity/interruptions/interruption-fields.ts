import { Type, type Static } from '@sinclair/typebox'
import { IdentifierParameter, Instant, instantOrNull, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { causeCodes, causeWords } from '../domain/causes.ts'
import { elementKinds } from '../domain/element.ts'
import type { ListedInterruption } from './list-repository.ts'

/** What routes of interruptions say in the same words. */

export const base = '/api/quality/continuity'
export const tag = 'continuity'

export const text = (maxLength: number, description: string, example: string) =>
  Type.String({
    ...{ minLength: 1, maxLength, description, examples: [example] },
    pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
  })
export const serial = (description: string) =>
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description, examples: [17] })
export const instantOf = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-21T09:00:00-03:00'] })
export const evidence = text(2_000, 'What it rests on; no personal data', 'Crew 7 by radio, order 2026-004711')
export const Cause = OneOf(causeCodes, 'What it came from, see GET /api/quality/continuity/causes')
export const ElementKind = OneOf(elementKinds, 'What of the network')
export const elementId = IdentifierParameter('Its name', 'sw-001')
export const origins = ['internal', 'external'] as const
const count = (description: string) => Type.Integer({ minimum: 0, description })

export const interruptionFields = {
  interruptionId: serial('The interruption: it keeps its number when it is computed again'),
  eventId: Type.Integer({
    description: 'Those of one root have the same: stepwise restoration, switching that follows',
  }),
  elementKind: ElementKind,
  elementId: Name('What was interrupted', 'sw-001'),
  basis: OneOf(['model', 'person', 'meter'], 'Known by switches and the network, by a person, or by meters alone'),
  feederId: Nullable(Name('Its feeder', 'feeder-01')),
  substationId: Nullable(Name('Its substation', 'se-01')),
  startedAt: Instant('When the first unit lost supply'),
  endedAt: Nullable(Instant('When the last one had it again; null while it lasts')),
  units: count('Units that were in it'),
  cause: Nullable(Type.String({ description: 'What it came from; null: nobody has said', examples: ['lightning'] })),
  causeWords: Nullable(
    Type.String({ description: 'The same in official words: origin, type, cause and detail, joined by semicolons' }),
  ),
  origin: OneOf(origins, 'In the distribution system, or outside of it'),
  programmed: Type.Boolean(),
  plannedId: Nullable(Type.Integer({ description: 'The plan that it is the work of' })),
  announcedFrom: Nullable(Instant('Beginning of the window of which consumers were told')),
  announcedUntil: Nullable(Instant('Its end')),
  void: Type.Boolean({ description: 'Nothing is left of it: what was known turned out otherwise' }),
}
export const InterruptionSchema = Type.Object(interruptionFields, { $id: 'Interruption' })

export const shownInterruption = (one: ListedInterruption): Static<typeof InterruptionSchema> => ({
  ...one,
  causeWords: one.cause === null ? null : causeWords(one.cause),
  startedAt: new Date(one.startedAt).toISOString(),
  endedAt: instantOrNull(one.endedAt),
  announcedFrom: instantOrNull(one.announcedFrom),
  announcedUntil: instantOrNull(one.announcedUntil),
})
