import { fieldContract } from '../../../platform/wire/contract.ts'

/** Kinds of message that indicators of the regulator rest on: voltage on meters, continuity on events and switches too. */
const regulatedKinds = ['meter', 'switch', 'event'] as const

/**
 * Topics of quarantined payloads that such a message can come out of, as patterns of SQL: as it came from the field, and as
 * it travelled when it was refused later.
 */
export const regulatedTopics: readonly string[] = regulatedKinds.flatMap((kind) => [
  fieldContract[kind].topic.replace('+', '%'),
  kind,
])

/** Whether what is replayed from this topic may change an indicator of the regulator. */
export const isRegulated = (topic: string): boolean =>
  regulatedTopics.some((pattern) => {
    const [before, after] = pattern.split('%') as [string, string?]
    return after === undefined ? topic === before : topic.startsWith(before) && topic.endsWith(after)
  })
