import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { RuleState } from '../domain/rules/judge.ts'

/** What is remembered of a rule at a device; a state of null: it is at rest. */
export interface StateRow {
  readonly rule: string
  readonly deviceId: string
  /** Of the newest reading, UTC milliseconds. */
  readonly at: number
  readonly state: RuleState | null
}

/** All that is remembered of some rules. */
export const statesOf = (queries: Queries, rules: readonly string[]): Promise<StateRow[]> =>
  queries.query<StateRow>(
    `select rule, device_id as "deviceId", ${milliseconds('at')} as at, state
     from alarm_rule_state where rule = any ($1)`,
    [rules],
  )

export async function writeStates(queries: Queries, rows: readonly StateRow[]): Promise<void> {
  const [kept, dropped] = [rows.filter(({ state }) => state), rows.filter(({ state }) => !state)]
  if (dropped.length > 0)
    await queries.query(
      `delete from alarm_rule_state using unnest($1::text[], $2::text[]) as gone (rule, device_id)
       where alarm_rule_state.rule = gone.rule and alarm_rule_state.device_id = gone.device_id`,
      [dropped.map(({ rule }) => rule), dropped.map(({ deviceId }) => deviceId)],
    )
  if (kept.length === 0) return
  await queries.query(
    `insert into alarm_rule_state (rule, device_id, at, state)
     select rule, device_id, to_timestamp(at / 1000), state
     from unnest($1::text[], $2::text[], $3::float8[], $4::jsonb[]) as s (rule, device_id, at, state)
     on conflict (rule, device_id) do update set at = excluded.at, state = excluded.state`,
    [
      ...[kept.map(({ rule }) => rule), kept.map(({ deviceId }) => deviceId), kept.map(({ at }) => at)],
      kept.map(({ state }) => JSON.stringify(state)),
    ],
  )
}

export const forgetStates = (queries: Queries, rules: readonly string[]): Promise<unknown> =>
  queries.query('delete from alarm_rule_state where rule = any ($1)', [rules])

/**
 * The name of the last transaction that wrote what is remembered of the rules of a node; null: none has. The row is held until the
 * end of this one.
 */
export async function lockTurn(queries: Queries, nodeId: string): Promise<string | null> {
  await queries.query('insert into alarm_rule_turn (node_id) values ($1) on conflict do nothing', [nodeId])
  const [row] = await queries.query<{ turn: string | null }>(
    'select turn from alarm_rule_turn where node_id = $1 for update',
    [nodeId],
  )
  return row!.turn
}

export const takeTurn = (queries: Queries, nodeId: string, turn: string): Promise<unknown> =>
  queries.query('update alarm_rule_turn set turn = $2 where node_id = $1', [nodeId, turn])
