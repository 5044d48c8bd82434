import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fingerprint, readIfThere, replaceDurably } from '../runtime/durable-files.ts'
import { deployFiles, finishDeploy } from '../runtime/flow-deploy.ts'
import { readFingerprints } from '../runtime/flow-files.ts'
import { adoptSecret, openSecrets, writeAtomically, type Secrets } from '../runtime/secrets.ts'
import type { FilePlace } from './manifest.ts'

/** Where the files stand that belong to the rows. */
export interface FilePlaces {
  readonly flowsDir: string
  readonly userDir: string
  readonly dataDir: string
  /** Those that DATA_DIR keeps, because the variables that stand for them are not set. */
  readonly ownSecrets: readonly KeptSecret[]
}

/** Secrets without which rows and files are of no use: of the flows' credentials, and of the keys by which devices know commands. */
export type KeptSecret = keyof Secrets & ('credential' | 'commandSigning')

/** As what they are kept, and what is set in their place. */
const secretFiles = {
  credential: { name: 'credentials', variable: 'CREDENTIAL_SECRET', what: 'credentials of the flows: they open' },
  commandSigning: {
    ...{ name: 'command-signing', variable: 'COMMAND_SIGNING_SECRET' },
    what: 'signatures of commands: devices know them',
  },
} as const satisfies Record<KeptSecret, { name: string; variable: string; what: string }>

/** A file out of a backup, or for one. */
export interface KeptFile {
  readonly place: FilePlace
  readonly name: string
  readonly content: Buffer
}

const orderFile = 'flow-order.json'
const identityFile = 'installation-id'
/** In the flows' folder: the note of what was shipped. */
const seenFile = '.shipped.json'

/**
 * Reads what is to be kept beside the rows: flows and their note, their credentials (encrypted) and the editor's settings and library,
 * the name at the broker, and the secrets of credentials and commands where they are generated ones.
 */
export async function readFilesToKeep({ flowsDir, userDir, dataDir, ownSecrets }: FilePlaces): Promise<KeptFile[]> {
  const flows = await readFlows(flowsDir)
  const ofNodeRed = (await filesBelow(userDir, '')).filter((name) =>
    /^(flows_cred\.json|flow-order\.json|\.config\.(users|runtime)\.json|lib\/.*)$/.test(name),
  )
  const ofData = await filesIn(dataDir)
  return [
    ...flows,
    ...(await readAll('node-red', userDir, ofNodeRed)),
    ...(await readAll('data', dataDir, ofData.includes(identityFile) ? [identityFile] : [])),
    // Whoever opens secrets where there are none makes new ones.
    ...(ofData.includes('secrets.json') ? ownSecrets : []).map((secret) => ({
      ...{ place: 'secret' as const, name: secretFiles[secret].name },
      content: Buffer.from(openSecrets(dataDir)[secret]),
    })),
  ]
}

/** The flows, none of them of another deploy than the rest. */
async function readFlows(flowsDir: string): Promise<KeptFile[]> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const before = await readFingerprints(flowsDir)
    const note = (await filesIn(flowsDir)).includes(seenFile) ? [seenFile] : []
    const files = await readAll('flows', flowsDir, [...before.keys(), ...note])
    const after = await readFingerprints(flowsDir)
    if (JSON.stringify([...before]) === JSON.stringify([...after])) return files
  }
  throw new Error(`the flows in ${flowsDir} change faster than they can be read`)
}

const readAll = (place: FilePlace, folder: string, names: readonly string[]): Promise<KeptFile[]> =>
  Promise.all(names.map(async (name) => ({ place, name, content: await readFile(join(folder, name)) })))

async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const names = await filesIn(join(folder, prefix), true)
  const deeper = names.filter((name) => name.endsWith('/') && (prefix !== '' || name === 'lib/'))
  const below = await Promise.all(deeper.map((name) => filesBelow(folder, `${prefix}${name}`)))
  return [...names.filter((name) => !name.endsWith('/')).map((name) => `${prefix}${name}`), ...below.flat()].sort()
}

/** Names of files; of folders too where asked for, with a slash. */
async function filesIn(folder: string, folders = false): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.flatMap((entry) =>
      entry.isFile() ? [entry.name] : folders && entry.isDirectory() ? [`${entry.name}/`] : [],
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * Puts files back. Flows that were there and differ are kept in a folder `.before-restore-…` beside them.
 * @param asCopy  the copy takes a name of its own at the broker: of two with one name each throws out the other
 * @param stamp   names the folder of what was there
 * @returns what was done, a line each
 */
export async function putFilesBack(
  files: readonly KeptFile[],
  { flowsDir, userDir, dataDir, ownSecrets }: FilePlaces,
  { asCopy, stamp }: { readonly asCopy: boolean; readonly stamp: string },
): Promise<string[]> {
  const of = (place: FilePlace): KeptFile[] => files.filter((file) => file.place === place)
  const lines: string[] = []
  for (const { name, content } of of('node-red')) {
    const path = join(userDir, name)
    await mkdir(dirname(path), { recursive: true })
    await replaceDurably(path, content.toString())
  }
  for (const secret of ['credential', 'commandSigning'] as const) {
    const { name, variable, what } = secretFiles[secret]
    const kept = of('secret').find((file) => file.name === name)
    if (kept && ownSecrets.includes(secret)) adoptSecret(dataDir, secret, kept.content.toString())
    else if (kept) lines.push(`${what} with what is in files/secret/${name} of the backup, as ${variable}`)
    else lines.push(`${what} with the ${variable} of the system that was backed up, and no other`)
  }
  const [identity] = of('data')
  if (identity && !asCopy) writeAtomically(join(dataDir, identityFile), identity.content.toString(), 0o644)
  lines.push(await putFlowsBack(of('flows'), of('node-red'), flowsDir, userDir, stamp))
  return lines
}

/** All of them or none, also when killed. */
async function putFlowsBack(
  flows: readonly KeptFile[],
  ofNodeRed: readonly KeptFile[],
  flowsDir: string,
  userDir: string,
  stamp: string,
): Promise<string> {
  const places = { flowsDir, orderFile: join(userDir, orderFile) }
  await mkdir(flowsDir, { recursive: true })
  await finishDeploy(places)
  const present = await readFingerprints(flowsDir)
  const note = await readIfThere(join(flowsDir, seenFile))
  if (note !== undefined) present.set(seenFile, fingerprint(note))
  const changes = new Map<string, string | null>(flows.map(({ name, content }) => [name, content.toString()]))
  for (const [name, print] of present) {
    const wanted = changes.get(name)
    if (wanted === undefined) changes.set(name, null)
    else if (wanted !== null && fingerprint(wanted) === print) changes.delete(name)
  }
  if (changes.size === 0) return 'flows: as they were'
  const aside = join(flowsDir, `.before-restore-${stamp}`)
  const replaced = [...changes.keys()].filter((name) => present.has(name))
  for (const name of replaced) await cp(join(flowsDir, name), join(aside, name))
  const order = ofNodeRed.find(({ name }) => name === orderFile)?.content.toString() ?? '[]'
  await deployFiles(places, changes, present, JSON.parse(order) as string[])
  return `flows: restored to ${flowsDir}` + (replaced.length > 0 ? `; what was there is in ${aside}` : '')
}
