import * as units from '@grafana/grafana-foundation-sdk/units'
import { barGauges, dial, figure, rowsOf } from './panels.ts'
import { sqlTable } from './queries.ts'
import { colours, thresholdsOf } from './thresholds.ts'
import { both } from './words.ts'

/** Room that the database takes. */
export const totalSize = figure({
  title: both('Tamanho do banco', 'Size of the database'),
  description: both(
    'O que o banco de dados PostgreSQL ocupa em disco agora, com índices.',
    'What the PostgreSQL database takes on disk now, with its indexes.',
  ),
  ...{ unit: units.BytesIEC, decimals: 1, thresholds: thresholdsOf([], colours.neutral) },
  queries: [sqlTable('select pg_database_size(current_database()) as "Tamanho"')],
})

/** How much is read from memory. */
export const hits = dial({
  title: both('Lido da memória', 'Read from memory'),
  description: both(
    'Parte das páginas que o PostgreSQL achou na memória desde que conta. Abaixo de 90 % falta memória ou um índice.',
    'Share of pages that PostgreSQL found in memory since it counts. Below 90 % memory or an index is missing.',
  ),
  ...{ unit: units.Percent, decimals: 1, min: 0, max: 100, width: 5, height: 9 },
  thresholds: thresholdsOf(
    [
      { from: 90, colour: colours.near },
      { from: 98, colour: colours.good },
    ],
    colours.beyond,
  ),
  queries: [
    sqlTable(
      'select 100.0 * blks_hit / nullif(blks_hit + blks_read, 0) as "Da memória" from pg_stat_database where datname = current_database()',
    ),
  ],
})

/** How busy the server is. */
export const connections = figure({
  title: both('Conexões e transações', 'Connections and transactions'),
  description: both(
    'Conexões abertas e quantas se permitem; impasses, transações desfeitas e o que foi escrito em arquivos temporários desde que se conta.',
    'Open connections and how many are allowed; deadlocks, rolled back transactions and temporary files since it counts.',
  ),
  ...{ unit: units.Short, decimals: 0, width: 5, height: 9, thresholds: thresholdsOf([], colours.neutral) },
  columns: { 'Arquivos temporários': [{ id: 'unit', value: units.BytesIEC }] },
  queries: [
    sqlTable(`
    select numbackends as "Conexões", current_setting('max_connections')::int as "Permitidas", deadlocks as "Impasses",
      xact_rollback as "Desfeitas", temp_bytes as "Arquivos temporários"
    from pg_stat_database where datname = current_database()`),
  ],
})

/** Tables and what hangs on them, partitions with their parent. */
const tables = `
    select coalesce(parent.oid, t.oid) as oid, t.oid as part
    from pg_class t left join pg_inherits i on i.inhrelid = t.oid left join pg_class parent on parent.oid = i.inhparent
    where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace`

/** Which tables take the room. */
export const sizes = barGauges({
  title: both('Maiores tabelas', 'Largest tables'),
  description: both(
    'As quinze maiores tabelas com índices e partições, como o último VACUUM ou ANALYZE as encontrou.',
    'The fifteen largest tables with indexes and partitions, as the last VACUUM or ANALYZE found them.',
  ),
  ...{ unit: units.BytesIEC, decimals: 1, min: 0, width: 7, height: 9, thresholds: thresholdsOf([], 'blue') },
  queries: [
    sqlTable(`
    select oid::regclass::text as "Tabela", sum(pages) * current_setting('block_size')::float8 as "Tamanho"
    from (
      select t.oid, c.relpages as pages from (${tables}) t join pg_class c on c.oid = t.part
      union all
      select t.oid, x.relpages from (${tables}) t join pg_index i on i.indrelid = t.part join pg_class x on x.oid = i.indexrelid
    ) page group by oid having sum(pages) > 0 order by 2 desc limit 15`),
  ],
})

/** Whether tables are cleaned up. */
export const deadRows = rowsOf({
  title: both('Linhas mortas', 'Dead rows'),
  description: both(
    'Tabelas com mais linhas que o VACUUM ainda não recolheu, e quando ele passou por último.',
    'Tables with most rows that VACUUM has not collected, and when it last came by.',
  ),
  ...{ unit: units.NoUnit, width: 7, height: 9 },
  queries: [
    sqlTable(`
    select relname as "Tabela", n_live_tup as "Vivas", n_dead_tup as "Mortas", last_autovacuum as "VACUUM"
    from pg_stat_user_tables where schemaname = 'public' order by n_dead_tup desc, relname limit 15`),
  ],
})
