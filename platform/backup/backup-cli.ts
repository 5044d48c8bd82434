import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { platformClock } from '../clock/clock.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { takeBackup } from './backup.ts'
import { BadArgument, placesOf, releaseOfThis, runCommand, stampOf, tell } from './command.ts'
import { withRunningRole } from './database.ts'

const usage = `Takes a backup of Linha Viva, while it runs or not: the database, the flows and what belongs to them.

  npm run backup [-- <folder>]   makes <folder>/linha-viva-<time>; in DATA_DIR/backups unless told otherwise

Better on another disk. With the flows' credentials goes their secret where it is a generated one: keep backups as you keep
passwords. CREDENTIAL_SECRET and the other settings of the environment are not in it, nor is what waits at the broker.
`

await runCommand('backup', async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return void process.stdout.write(usage)
  if (positionals.length > 1) throw new BadArgument(`one folder, not ${positionals.length}: ${positionals.join(', ')}`)
  const environment = readEnvironment(process.env)
  const now = platformClock.now()
  const folder = resolve(positionals[0] ?? join(environment.DATA_DIR, 'backups'))
  const target = join(folder, `linha-viva-${stampOf(now)}`)
  const options = { target, release: await releaseOfThis(), now, places: placesOf(environment), say: tell }
  const { tables, files } = await withRunningRole(environment, tell, (client) => takeBackup(client, options))
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const bytes = [...tables, ...files].reduce((sum, part) => sum + part.bytes, 0)
  tell(`complete: ${rows.toLocaleString('en-US')} rows, ${(bytes / 1e6).toFixed(1)} MB`)
  process.stdout.write(`${target}\n`)
})
