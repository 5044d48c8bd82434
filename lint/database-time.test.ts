import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asksDatabaseForTime } from './database-time.ts'

const repository = join(import.meta.dirname, '../..')

/** Lines of migrations that may ask the database for the time, by the reason. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'for rows that somebody enters by hand; the platform gives the instant': [
    'platform/storage/migrations/0001_batch-log.sql: updated_at timestamptz not null default now()',
    'platform/network/migrations/0002_network.sql: first_seen_at timestamptz not null default now()',
  ],
  'of a deletion, which may also be made by hand; it says when, and decides nothing': [
    'platform/broker/migrations/0010_mqtt-credentials.sql: update mqtt_credential set password_hash = null, revoked_at = now()',
  ],
  'the audit goes by a clock that no simulation and no process of ours sets': [
    'platform/audit/migrations/0040_audit.sql: at := clock_timestamp();',
    'platform/audit/migrations/0040_audit.sql: where content is not null and table_name = name and at < least(before, clock_timestamp() - keep);',
  ],
  'replaced by 0005': [
    'platform/storage/migrations/0001_batch-log.sql: bound := least(instant, now() - plan.keep_at_least);',
  ],
  'a clock ahead of the wall must not let go of what indicators rest on': [
    'platform/storage/migrations/0005_clock.sql: bound := least(instant, least(at, now()) - plan.keep_at_least);',
    'nodes/telemetry/migrations/0008_readers-and-hypertables.sql: bound := least(instant, least(at, now()) - plan.keep_at_least);',
  ],
}

describe('SQL that asks the database for the time', () => {
  for (const sql of [
    'select now()',
    'where a < NOW ( )',
    'values (current_timestamp)',
    'clock_timestamp()',
    'current_date',
  ])
    it(`is seen: ${sql}`, () => assert.ok(asksDatabaseForTime(sql)))

  for (const sql of ['select known()', 'from now', 'clock.now()', 'to_timestamp($1)', 'current_dates', 'now'])
    it(`is not: ${sql}`, () => assert.ok(!asksDatabaseForTime(sql)))

  it('is in no migration but where a reason stands for it', () => {
    const found = globSync('{platform,nodes}/*/migrations/*.sql', { cwd: repository }).flatMap((file) =>
      readFileSync(join(repository, file), 'utf8')
        .split('\n')
        .filter((line) => asksDatabaseForTime(line.replace(/--.*/, '')))
        .map((line) => `${file.replaceAll('\\', '/')}: ${line.trim()}`),
    )
    assert.deepEqual(found.toSorted(), Object.values(allowed).flat().toSorted())
  })
})
