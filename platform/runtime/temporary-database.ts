import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isAlive, stopLeftovers } from './postgres-leftovers.ts'
import { type PostgresPlace, placeTemporaryPostgres } from './postgres-place.ts'
import { newSecrets, type Secrets } from './secrets.ts'

const prefix = 'linha-viva-postgresql-'

/** A place and passwords for a database that lives no longer than this process. */
export async function newTemporaryPlace(): Promise<{ place: PostgresPlace; secrets: Secrets }> {
  const place = placeTemporaryPostgres(prefix)
  const folder = dirname(place.dataDirectory)
  writeFileSync(join(folder, 'starter'), String(process.pid))
  await sweep(dirname(folder))
  return { place, secrets: newSecrets() }
}

/** Removes what a temporary database has written. */
export const forgetTemporary = (place: PostgresPlace): void =>
  rmSync(dirname(place.dataDirectory), { recursive: true, force: true })

/** Ends and removes temporary databases whose starter was killed and could not. */
async function sweep(home: string): Promise<void> {
  for (const name of readdirSync(home)) {
    const folder = join(home, name)
    const starter = join(folder, 'starter')
    if (!name.startsWith(prefix) || !existsSync(starter) || isAlive(Number(readFileSync(starter, 'utf8')))) continue
    await stopLeftovers(join(folder, 'cluster'), () => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
}
