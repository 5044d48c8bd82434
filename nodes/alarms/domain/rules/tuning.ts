import { rulesArea } from '../../../../platform/wire/condition-kinds.ts'
import type { AlarmDefinition } from '../definition.ts'
import { tunableLeaf } from './read-rules.ts'
import type { Rule } from './rule.ts'

/** The rules that hold for a device, in their order: only set points and deadbands differ. */
export type TunedRules = (feederId: string | undefined, deviceId: string) => readonly Rule[]

/**
 * Rules as the master alarm table tunes them: an entry of area `rules` whose kind is the rule's name says its set point and
 * deadband, for all devices, those of a feeder, or one device; what says most holds. A rule takes them where exactly one of its
 * leaves has a set point; one with several cannot tell which is meant (`untunable`).
 */
export function tune(rules: readonly Rule[], definitions: readonly AlarmDefinition[]): TunedRules {
  const entries = entriesByKind(definitions)
  const variants = rules.map((rule) => variantsOf(rule, entries.get(rule.name) ?? []))
  const everywhere = variants.map(({ base }) => base)
  if (variants.every(({ special }) => special.size === 0)) return () => everywhere
  return (feederId, deviceId) =>
    variants.map(
      ({ base, special }) =>
        special.get(placeKey(feederId ?? null, deviceId)) ??
        special.get(placeKey(null, deviceId)) ??
        (feederId === undefined ? undefined : special.get(placeKey(feederId, null))) ??
        base,
    )
}

/** Names of the rules for which the table says a set point or deadband that they cannot take. */
export function untunable(rules: readonly Rule[], definitions: readonly AlarmDefinition[]): readonly string[] {
  const entries = entriesByKind(definitions)
  return rules.flatMap((rule) => (tunableLeaf(rule) === null && entries.has(rule.name) ? [rule.name] : []))
}

interface Variants {
  readonly base: Rule
  /** By feeder and device. */
  readonly special: ReadonlyMap<string, Rule>
}

/** Identifiers hold no blank. */
const placeKey = (feederId: string | null, subject: string | null): string => `${feederId ?? '*'} ${subject ?? '*'}`

/** Entries of rules that say a set point or a deadband. */
function entriesByKind(definitions: readonly AlarmDefinition[]): ReadonlyMap<string, readonly AlarmDefinition[]> {
  const tuning = definitions.filter(
    ({ scope, setPoint, deadband }) =>
      scope.area === rulesArea && scope.kind !== null && (setPoint ?? deadband) !== null,
  )
  return Map.groupBy(tuning, ({ scope }) => scope.kind!)
}

function variantsOf(rule: Rule, entries: readonly AlarmDefinition[]): Variants {
  const place = tunableLeaf(rule)
  if (place === null) return { base: rule, special: new Map() }
  const general = entries.find(({ scope }) => scope.feederId === null && scope.subject === null)
  const base = general ? tuned(rule, place, general) : rule
  const special = entries.flatMap((entry) =>
    entry === general
      ? []
      : [[placeKey(entry.scope.feederId, entry.scope.subject), tuned(base, place, entry)] as const],
  )
  return { base, special: new Map(special) }
}

function tuned(rule: Rule, place: number, { setPoint, deadband }: AlarmDefinition): Rule {
  const leaves = rule.leaves.map((leaf, at) =>
    at === place ? { ...leaf, ...(setPoint !== null && { setPoint }), ...(deadband !== null && { deadband }) } : leaf,
  )
  return { ...rule, leaves }
}
