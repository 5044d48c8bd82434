import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { anchorFolder } from '../audit/anchor-place.ts'
import { AnchorLog } from '../audit/anchor-files.ts'
import { anchorKeyOf } from '../audit/anchor.ts'
import type { Head } from '../audit/chain.ts'
import { wallClock } from '../clock/clock.ts'
import { type Environment, readEnvironment } from '../runtime/environment.ts'
import { StartError } from '../runtime/start-error.ts'
import { openSecrets } from '../runtime/secrets.ts'
import { migrate } from '../storage/migrate.ts'
import { BadArgument, placesOf, runCommand, stampOf, tell } from './command.ts'
import { withOwner } from './database.ts'
import { putFilesBack } from './files.ts'
import { readManifest, type Manifest } from './manifest.ts'
import { connectionsOf, noteRestore, renewStatistics } from './repository.ts'
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
  const restoredAt = wallClock.now()
  await withOwner(environment, tell, async ({ client, owner, runningRole, readerRole }) => {
    const others = await connectionsOf(client, runningRole)
    if (others > 0)
      throw new StartError(`${others} connections of ${runningRole} are open: stop Linha Viva, then restore`)
    if (!force) await requireEmpty(client)
    const head = await loadRows(client, folder, manifest, restoredAt, tell)
    await migrate(owner, runningRole, tell, readerRole)
    // A backup of before there was a record of restores.
    await noteRestore(client, restoredAt, manifest.takenAt)
    await renewStatistics(
      client,
      manifest.tables.map(({ table }) => table),
    )
    await anchorRestored(environment, head, restoredAt)
  })
  const lines = await putFilesBack(files, placesOf(environment), { asCopy, stamp: stampOf(restoredAt) })
  for (const line of lines) tell(line)
  tell('restored; start Linha Viva')
}

/** What was entered after the backup is not in the audit any more: that it was a restore that took it away is signed, as all heads are. */
async function anchorRestored(environment: Environment, head: Head, now: number): Promise<void> {
  const key = anchorKeyOf(openSecrets(resolve(environment.DATA_DIR)).auditAnchors)
  await new AnchorLog(anchorFolder(environment), key).append('restored', head, now)
}
