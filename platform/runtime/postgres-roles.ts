import type { Client } from 'pg'

export interface Role {
  readonly name: string
  readonly password: string
  /** Whether it owns the database, and with it the schema. */
  readonly owns: boolean
}

/** Makes sure of the database and its roles. Safe to repeat: it runs at every start, and an interrupted first start is completed. */
export async function prepareRoles(client: Client, database: string, roles: readonly Role[]): Promise<void> {
  for (const { name, password } of roles) {
    if (!(await exists(client, 'select from pg_roles where rolname = $1', name)))
      await client.query(`create role ${quoted(client, name)}`)
    // Statements about roles take no parameters; the driver quotes the values.
    await client.query(
      `alter role ${quoted(client, name)} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${client.escapeLiteral(password)}`,
    )
  }
  if (!(await exists(client, 'select from pg_database where datname = $1', database))) {
    await client.query(`create database ${quoted(client, database)}`)
  }
  for (const { name, owns } of roles) {
    if (owns) await client.query(`alter database ${quoted(client, database)} owner to ${quoted(client, name)}`)
    else
      await client.query(`grant connect, temporary on database ${quoted(client, database)} to ${quoted(client, name)}`)
  }
  await client.query(`revoke all on database ${quoted(client, database)} from public`)
}

const quoted = (client: Client, name: string): string => client.escapeIdentifier(name)

const exists = async (client: Client, query: string, name: string): Promise<boolean> =>
  (await client.query(query, [name])).rowCount !== 0
