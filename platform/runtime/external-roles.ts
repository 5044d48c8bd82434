import { Client } from 'pg'
import { tlsOf } from '../storage/postgresql.ts'
import type { Environment } from './environment.ts'
import { prepareRoles, type Role } from './postgres-roles.ts'
import { StartError } from './start-error.ts'

/**
 * Makes sure of the database and of every role that the environment names on DB_HOST. Safe to repeat: passwords are then the ones of
 * the environment. What a role may read and write is granted by the migration.
 * @returns the names of the roles: owner, running, reader
 * @throws StartError in one line if the environment does not name them all, or the superuser among them
 */
export async function prepareExternalRoles(environment: Environment): Promise<string[]> {
  const { DB_HOST, DB_PORT, DB_NAME, DB_ADMIN_USER, DB_ADMIN_PASSWORD, DB_SSL } = environment
  if (DB_HOST === undefined) throw new StartError('DB_HOST is not set: the embedded database makes its roles by itself')
  const roles = rolesOf(environment)
  const client = new Client({
    host: DB_HOST,
    port: DB_PORT,
    user: DB_ADMIN_USER,
    database: 'postgres',
    ...(DB_ADMIN_PASSWORD !== undefined && { password: DB_ADMIN_PASSWORD }),
    ssl: tlsOf(DB_SSL) ?? false,
    connectionTimeoutMillis: 10_000,
  })
  await client.connect()
  try {
    await prepareRoles(client, DB_NAME, roles)
  } finally {
    await client.end()
  }
  return roles.map(({ name }) => name)
}

function rolesOf(environment: Environment): Role[] {
  const { DB_ADMIN_USER, DB_READER_USER } = environment
  const roles = [
    named(environment, 'DB_MIGRATION', true),
    named(environment, 'DB', false),
    ...(DB_READER_USER === undefined ? [] : [named(environment, 'DB_READER', false)]),
  ]
  const names = [DB_ADMIN_USER, ...roles.map(({ name }) => name)]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  // A role that is made anew is made no superuser: the administrator would lock himself out.
  if (twice !== undefined)
    throw new StartError(`"${twice}" is named twice: superuser, owner, running role and reader are different roles`)
  return roles
}

function named(environment: Environment, prefix: 'DB' | 'DB_MIGRATION' | 'DB_READER', owns: boolean): Role {
  const name = environment[`${prefix}_USER`]
  const password = environment[`${prefix}_PASSWORD`]
  if (name === undefined) throw new StartError(`${prefix}_USER is not set`)
  if (password === undefined) throw new StartError(`${prefix}_PASSWORD is not set`)
  return { name, password, owns }
}
