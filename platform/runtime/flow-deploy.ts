import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint, readIfThere, replaceDurably, syncDirectory, writeDurably } from './durable-files.ts'
import { FlowFilesError } from './flow-files-error.ts'

/** Where the flows stand, and the file on this machine that keeps the exact order of their array. */
export interface FlowPlaces {
  readonly flowsDir: string
  readonly orderFile: string
}

/** One file of a deploy: its fingerprint before and after, null where there is no such file. */
interface Step {
  readonly file: string
  readonly before: string | null
  readonly after: string | null
}

/** Everything a deploy changes. Once it is on the disk, the deploy happens, if need be at the next start. */
interface Manifest {
  readonly steps: readonly Step[]
  readonly order: readonly string[]
}

const stagingOf = (places: FlowPlaces): string => join(places.flowsDir, '.deploy')
const manifestOf = (places: FlowPlaces): string => join(stagingOf(places), 'manifest')

/**
 * Changes several flow files at once: after a crash at any moment, the next `finishDeploy` leaves either all of the
 * old files or all of the new ones.
 * @param changes  new content by file name, null to delete
 * @param before   fingerprints of the files as they were read
 * @param order    the ids of the flow array, for this machine
 * @throws FlowFilesError if one of the files is not as it was read; then nothing was written
 */
export async function deployFiles(
  places: FlowPlaces,
  changes: ReadonlyMap<string, string | null>,
  before: ReadonlyMap<string, string>,
  order: readonly string[],
): Promise<void> {
  const staging = stagingOf(places)
  const steps = [...changes].map(([file, content]) => ({
    file,
    before: before.get(file) ?? null,
    after: content === null ? null : fingerprint(content),
  }))
  try {
    await rm(staging, { recursive: true, force: true })
    await mkdir(staging, { recursive: true })
    for (const [file, content] of changes) {
      if (content !== null) await writeDurably(join(staging, file), content)
    }
    await refuseUnseen(places, steps)
    await replaceDurably(manifestOf(places), JSON.stringify({ steps, order } satisfies Manifest))
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    throw error
  }
  await finishDeploy(places)
}

/**
 * Completes a deploy that a crash cut short, and clears one that had not yet been decided.
 * @returns whether there was one to complete
 * @throws FlowFilesError if a file was changed in between
 */
export async function finishDeploy(places: FlowPlaces): Promise<boolean> {
  const staging = stagingOf(places)
  const written = await readIfThere(manifestOf(places))
  if (written === undefined) {
    await rm(staging, { recursive: true, force: true })
    return false
  }
  const { steps, order } = JSON.parse(written) as Manifest
  await refuseUnseen(places, steps)
  for (const { file, after } of steps) {
    const target = join(places.flowsDir, file)
    if (after === null) await rm(target, { force: true })
    else if ((await fingerprintOf(target)) !== after) await rename(join(staging, file), target)
  }
  await syncDirectory(places.flowsDir)
  await replaceDurably(places.orderFile, `${JSON.stringify(order)}\n`)
  await rm(manifestOf(places))
  await rm(staging, { recursive: true, force: true })
  return true
}

async function refuseUnseen(places: FlowPlaces, steps: readonly Step[]): Promise<void> {
  for (const { file, before, after } of steps) {
    const target = join(places.flowsDir, file)
    const now = await fingerprintOf(target)
    if (now === before || now === after) continue
    throw new FlowFilesError(
      'flows_changed_on_disk',
      `${target} was changed on disk while a deploy was being written. Put the file back as it was to let the deploy ` +
        `finish, or delete ${stagingOf(places)} to keep the files as they are now`,
    )
  }
}

async function fingerprintOf(path: string): Promise<string | null> {
  const content = await readIfThere(path)
  return content === undefined ? null : fingerprint(content)
}
