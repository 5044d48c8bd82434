import type { Queries } from '../../../platform/storage/queries.ts'
import type { AlarmDefinition } from '../domain/definition.ts'

/** A rule as it is stored. */
export interface StoredRule {
  readonly name: string
  readonly nodeId: string
  /** What it is for, and when it holds there. */
  readonly criterion: unknown
  readonly definition: AlarmDefinition
}

/** All rules, for whoever changes them: nobody else changes any until the end of the transaction. */
export async function lockRules(queries: Queries): Promise<StoredRule[]> {
  await queries.query('lock table alarm_rule in share row exclusive mode')
  return queries.query<StoredRule>(
    `select name, node_id as "nodeId", criterion, definition from alarm_rule order by name`,
  )
}

/** @param now  UTC milliseconds */
export async function storeRules(queries: Queries, rules: readonly StoredRule[], now: number): Promise<void> {
  await queries.query(
    `insert into alarm_rule (name, node_id, criterion, definition, entered_at)
     select name, node_id, criterion, definition, to_timestamp($5::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::jsonb[], $4::jsonb[]) as r (name, node_id, criterion, definition)
     on conflict (name) do update
       set node_id = excluded.node_id, criterion = excluded.criterion, definition = excluded.definition,
         entered_at = excluded.entered_at`,
    [
      ...[rules.map(({ name }) => name), rules.map(({ nodeId }) => nodeId)],
      ...[
        rules.map(({ criterion }) => JSON.stringify(criterion)),
        rules.map((each) => JSON.stringify(each.definition)),
      ],
      now,
    ],
  )
}

/** Takes rules out, with all that is remembered of them. */
export const removeRules = (queries: Queries, names: readonly string[]): Promise<unknown> =>
  queries.query('delete from alarm_rule where name = any ($1)', [names])

/** What the master alarm table says of rules where nobody has said otherwise there. */
export async function ruleDefinitions(queries: Queries): Promise<readonly AlarmDefinition[]> {
  const rows = await queries.query<{ definition: AlarmDefinition }>('select definition from alarm_rule order by name')
  return rows.map(({ definition }) => definition)
}
