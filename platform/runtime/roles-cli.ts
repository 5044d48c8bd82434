import { readEnvironment } from './environment.ts'
import { prepareExternalRoles } from './external-roles.ts'

const usage = `Prepares an external PostgreSQL for Linha Viva: the database DB_NAME and its roles, with the passwords of the environment.
Run it before the first start, and again to change a password.

  npm run roles

DB_ADMIN_USER    who makes them, a superuser
DB_MIGRATION_USER  owns the database and migrates it
DB_USER          runs: reads and writes rows
DB_READER_USER   reads (if set)
`

const [argument] = process.argv.slice(2)
if (argument === '--help' || argument === '-h') process.stdout.write(usage)
else if (argument !== undefined) leave(`unknown argument ${argument}; see --help`, 2)
else await prepare()

async function prepare(): Promise<void> {
  try {
    const environment = readEnvironment(process.env)
    const roles = await prepareExternalRoles(environment)
    process.stdout.write(`database ${environment.DB_NAME} on ${environment.DB_HOST}: roles ${roles.join(', ')}\n`)
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException
    leave(message || code || name, name === 'EnvironmentError' || name === 'StartError' ? 2 : 1)
  }
}

function leave(line: string, code: number): void {
  process.stderr.write(`roles: ${line}\n`)
  process.exitCode = code
}
