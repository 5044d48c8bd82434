import type { ClientBase } from 'pg'

/** What queries are put to: a database, or a transaction. */
export interface Queries {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

/** A connection or a transaction, asked as a database is. */
export const queriesOf = (client: ClientBase): Queries => ({
  query: async <Row extends object>(text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows,
})
