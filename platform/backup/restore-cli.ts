import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { platformClock } from '../clock/clock.ts'
import { type Environment, readEnvironment } from '../runtime/environment.ts'
import { StartError } from '../runtime/start-error.ts'
import { migrate } from '../storage/migrate.ts'
import { BadArgument, placesOf, runCommand, stampOf, tell } from './command.ts'
import { withOwner } from './database.ts'
import { putFilesBack } from './files.ts'
import { readManifest, type Manifest } from './manifest.ts'
import { connectionsOf, renewStatistics } from './repository.ts'
import { checkParts, loadRows, migrationsFor, readKeptFiles, requireEmpty } from './restore.ts'

const usage = `Restores a backup of Linha Viva, which must not run meanwhile.

  npm run restore -- <backup>    into DB_HOST, or the embedded database of DATA_DIR, and FLOWS_DIR
    --check       reads the backup and compares it with its checksums; changes nothing
    --force       also where there is data already: everything that belongs to the schema's owner is replaced
    --as-copy     for a copy beside the original: it takes a name of its own at the broker

All of the database or nothing: until everything is loaded and compared, and after a failure, it is as it was. A backup of an older
release is brought to this one.
`

await runCommand('restore', async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      check: { type: 'boolean' },
      force: { type: 'boolean' },
      'as-copy': { type: 'boolean' },
    },
  })
  if (values.help) return void process.stdout.write(usage)
  if (positionals.length !== 1) throw new BadArgument('name one backup; see --help')
  const folder = resolve(positionals[0]!)
  const manifest = await readManifest(folder)
  tell(`backup of ${manifest.takenAt}, release ${manifest.release}`)
  if (values.check) {
    await checkParts(folder, manifest, tell)
    return tell('the backup is sound')
  }
  migrationsFor(manifest)
  await restore(readEnvironment(process.env), folder, manifest, {
    force: values.force ?? false,
    asCopy: values['as-copy'] ?? false,
  })
})

async function restore(
  environment: Environment,
  folder: string,
  manifest: Manifest,
  { force, asCopy }: { force: boolean; asCopy: boolean },
): Promise<void> {
  const files = await readKeptFiles(folder, manifest)
  await withOwner(environment, tell, async ({ client, owner, runningRole, readerRole }) => {
    const others = await connectionsOf(client, runningRole)
    if (others > 0)
      throw new StartError(`${others} connections of ${runningRole} are open: stop Linha Viva, then restore`)
    if (!force) await requireEmpty(client)
    await loadRows(client, folder, manifest, tell)
    await migrate(owner, runningRole, tell, readerRole)
    await renewStatistics(
      client,
      manifest.tables.map(({ table }) => table),
    )
  })
  const lines = await putFilesBack(files, placesOf(environment), { asCopy, stamp: stampOf(platformClock.now()) })
  for (const line of lines) tell(line)
  tell('restored; start Linha Viva')
}
