import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { runCommand, tell } from '../backup/command.ts'
import { withRunningRole } from '../backup/database.ts'
import { wallClock } from '../clock/clock.ts'
import { readEnvironment, type Environment } from '../runtime/environment.ts'
import { queriesOf } from '../storage/queries.ts'
import { anchorFolder, ownAnchorKey } from './anchor-place.ts'
import { exportAudit, readAnchors, verifyDatabase, verifyFile } from './audit-commands.ts'
import { readAuditCommand, usage, type AuditCommand } from './audit-flags.ts'

const answer = (line: string): void => void process.stdout.write(`${line}\n`)

await runCommand('audit', async () => {
  const command = readAuditCommand(process.argv.slice(2))
  if (command.task === 'help') return void process.stdout.write(usage)
  const environment = readEnvironment(process.env)
  if (command.task === 'export') await exportAll(environment, command)
  else if (!(await verify(environment, command))) process.exitCode = 1
})
// What started us keeps a channel open.
process.disconnect?.()

async function verify(
  environment: Environment,
  { anchors, withoutAnchors, key, file }: Extract<AuditCommand, { task: 'verify' }>,
): Promise<boolean> {
  const folder = anchors === undefined ? anchorFolder(environment) : resolve(anchors)
  const files = withoutAnchors ? undefined : await readAnchors(folder, ownAnchorKey(environment), key)
  if (file !== undefined) return verifyFile(file, files, answer)
  return withRunningRole(environment, tell, async (client) => {
    await client.query('begin isolation level repeatable read, read only')
    return verifyDatabase(queriesOf(client), files, wallClock.now(), answer)
  })
}

async function exportAll(
  environment: Environment,
  { csv, ...filter }: Extract<AuditCommand, { task: 'export' }>,
): Promise<void> {
  await withRunningRole(environment, tell, async (client) => {
    await client.query('begin isolation level repeatable read, read only')
    await pipeline(exportAudit(queriesOf(client), filter, csv), process.stdout, { end: false })
  })
}
