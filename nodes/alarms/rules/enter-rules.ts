import type { PoolClient } from 'pg'
import { canonicalJson } from '../../../platform/storage/canonical-json.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { rulesArea } from '../../../platform/wire/condition-kinds.ts'
import { definitionOf, takenBack } from '../domain/rules/conditions.ts'
import type { Rule } from '../domain/rules/rule.ts'
import type { MasterTable } from '../domain/definition.ts'
import { changeAlarms } from '../keeper/change-alarms.ts'
import { standingAlarms } from '../keeper/standing-conditions.ts'
import { stopFollowing } from './follow-repository.ts'
import { lockRules, removeRules, storeRules, type StoredRule } from './rule-repository.ts'
import { forgetStates } from './state-repository.ts'

/** Another node has a rule of this name. */
class RuleNameTaken extends Error {
  override readonly name = 'RuleNameTaken'
}

/**
 * Makes the rules of a node those that hold. Alarms of rules that are gone, or that now hold for something else or at something
 * else, are taken back: what is still so is said again by the next readings. Texts, delays and priorities may change beside.
 * @param isInFlows  whether a node is still there: rules of one that is not are nobody's
 * @param now        UTC milliseconds
 * @throws RuleNameTaken
 */
export async function enterRules(
  client: PoolClient,
  nodeId: string,
  rules: readonly Rule[],
  options: { readonly isInFlows: (nodeId: string) => boolean; readonly table: MasterTable; readonly now: number },
): Promise<void> {
  const { isInFlows, table, now } = options
  const queries = queriesOf(client)
  const stored = await lockRules(queries)
  const wanted = new Map(rules.map((rule) => [rule.name, rule]))
  const others = stored.filter((rule) => rule.nodeId !== nodeId && isInFlows(rule.nodeId))
  const taken = others.find(({ name }) => wanted.has(name))
  if (taken)
    throw new RuleNameTaken(`rule "${taken.name}" is a rule of node ${taken.nodeId} already: a name is of one rule`)
  const mine = stored.filter((rule) => !others.includes(rule))
  const changed = mine.filter(({ name, criterion }) => !isSame(criterion, wanted.get(name)))
  await takeBack(client, changed, table, now)
  const gone = mine.filter(({ name }) => !wanted.has(name)).map(({ name }) => name)
  if (gone.length > 0) await removeRules(queries, gone)
  const before = new Map(mine.map((rule) => [rule.name, rule]))
  const entered = rules
    .map((rule) => ({ name: rule.name, nodeId, criterion: criterionOf(rule), definition: definitionOf(rule) }))
    .filter((rule) => !isStored(rule, before.get(rule.name)))
  if (entered.length > 0) await storeRules(queries, entered, now)
}

/** Takes the rules of a node that is no more out, and their alarms back. */
export async function leaveRules(client: PoolClient, nodeId: string, table: MasterTable, now: number): Promise<void> {
  const queries = queriesOf(client)
  const rules = await lockRules(queries)
  await remove(
    client,
    rules.filter((rule) => rule.nodeId === nodeId),
    table,
    now,
  )
  await stopFollowing(queries, nodeId)
}

/** The same for every node that is not in the flows. */
export async function leaveRulesOfOthers(
  client: PoolClient,
  isInFlows: (nodeId: string) => boolean,
  table: MasterTable,
  now: number,
): Promise<void> {
  const queries = queriesOf(client)
  const nobodys = (await lockRules(queries)).filter(({ nodeId }) => !isInFlows(nodeId))
  if (nobodys.length === 0) return
  await remove(client, nobodys, table, now)
  for (const nodeId of new Set(nobodys.map((rule) => rule.nodeId))) await stopFollowing(queries, nodeId)
}

async function remove(client: PoolClient, rules: readonly StoredRule[], table: MasterTable, now: number) {
  await takeBack(client, rules, table, now)
  await removeRules(
    queriesOf(client),
    rules.map(({ name }) => name),
  )
}

async function takeBack(client: PoolClient, rules: readonly StoredRule[], table: MasterTable, now: number) {
  if (rules.length === 0) return
  const names = rules.map(({ name }) => name)
  const queries = queriesOf(client)
  await forgetStates(queries, names)
  const standing = await standingAlarms(queries, rulesArea, names)
  const changes = standing.map((condition) => ({ condition: takenBack(condition, now), by: null }))
  if (changes.length > 0) await changeAlarms(client, changes, table, now)
}

/** What a rule is for, and when it holds there. */
const criterionOf = ({ scope, leaves, logic }: Rule) => ({ scope, leaves, logic })

const isSame = (criterion: unknown, rule: Rule | undefined): boolean =>
  rule !== undefined && canonicalJson(criterion) === canonicalJson(criterionOf(rule))

const isStored = (rule: StoredRule, before: StoredRule | undefined): boolean =>
  before !== undefined && canonicalJson(rule) === canonicalJson(before)
