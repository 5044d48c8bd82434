import { Type, type Static } from '@sinclair/typebox'
import type { Feeder, FeederLimit, Line } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { Identifier } from '../../../platform/wire/fields.ts'
import { showValue } from '../../../platform/wire/show-value.ts'
import { BadFile, readEntries } from './entry-fault.ts'

const LimitKw = Type.Number({ minimum: 0, maximum: 1e6 })
const Entry = Type.Object(
  {
    feederId: Identifier('the feeder'),
    parentFeederId: Type.Optional(Type.Union([Identifier('the feeder above'), Type.Null()])),
    limitKw: Type.Optional(LimitKw),
    phaseLimitKw: Type.Optional(
      Type.Object(
        { A: Type.Optional(LimitKw), B: Type.Optional(LimitKw), C: Type.Optional(LimitKw) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
const File = Type.Array(Entry, { minItems: 1, maxItems: 10_000 })

/** A feeder of the benchmark: what charging may take of it and of each of its phases, kW; nothing else is on it. */
export type FeederEntry = Static<typeof Entry>

/**
 * Reads a tree of feeders: an array of `{feederId, parentFeederId?, limitKw?, phaseLimitKw?: {A?, B?, C?}}` with one root.
 * @param name  how the file is called in errors
 * @throws BadFile that names index, field and value
 */
export function readFeeders(name: string, text: string): Feeder[] {
  return feedersOf(readEntries(name, text, File), name)
}

/**
 * The feeders of such entries, with their limits in force.
 * @throws BadFile for a feeder named twice, a parent that is not there, a circle, no root or a second one
 */
export function feedersOf(entries: readonly FeederEntry[], name = 'feeders'): Feeder[] {
  const parents = new Map<string, string | null>()
  for (const [index, { feederId, parentFeederId = null }] of entries.entries()) {
    if (parents.has(feederId))
      throw new BadFile(`${name}[${index}].feederId is ${showValue(feederId)}: it is there twice`)
    parents.set(feederId, parentFeederId)
  }
  let root: string | undefined
  for (const [index, { feederId, parentFeederId = null }] of entries.entries()) {
    const place = `${name}[${index}].parentFeederId is ${showValue(parentFeederId)}`
    if (parentFeederId === null) {
      if (root !== undefined) throw new BadFile(`${place}: ${root} is the root already`)
      root = feederId
    } else if (!parents.has(parentFeederId)) throw new BadFile(`${place}: there is no such feeder`)
    else if (isInCircle(feederId, parents)) throw new BadFile(`${place}: its way up never ends`)
  }
  return entries.map(feederOf)
}

/** @throws Error where no feeder is above all others; `feedersOf` gives none such */
export function rootOf(feeders: readonly Feeder[]): string {
  const root = feeders.find(({ parentFeederId }) => parentFeederId === null)
  if (!root) throw new Error('feeders without a root')
  return root.feederId
}

function isInCircle(feederId: string, parents: ReadonlyMap<string, string | null>): boolean {
  let at: string | null = feederId
  for (let steps = 0; at !== null; steps++) {
    if (steps > parents.size) return true
    at = parents.get(at) ?? null
  }
  return false
}

const nothing: Readonly<Record<Line, number>> = { total: 0, A: 0, B: 0, C: 0 }

function feederOf({ feederId, parentFeederId = null, limitKw, phaseLimitKw }: FeederEntry): Feeder {
  const limits = { total: limitKw, ...phaseLimitKw }
  return {
    feederId,
    parentFeederId,
    limits: Object.entries(limits).flatMap(([line, kw]): FeederLimit[] =>
      kw === undefined
        ? []
        : [{ line: line as Line, direction: 'import', limitKw: kw, source: 'bench', expiresAt: null }],
    ),
    baseLoad: { lowKw: nothing, highKw: nothing },
  }
}
