import type { PoolClient } from 'pg'

/** What queries are put to: a database, or a transaction. */
export interface Queries {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

/** A transaction, asked as a database is. */
export const queriesOf = (client: PoolClient): Queries => ({
  query: async <Row extends object>(text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows,
})
