import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { AuditMessage } from './audit.ts'
import { readIfThere, replaceDurably } from './durable-files.ts'
import { joinFlows, joinFlowsAs, splitFlows } from './flow-arrangement.ts'
import type { FlowNode } from './flow-arrangement.ts'
import { deployFiles, finishDeploy } from './flow-deploy.ts'
import { FlowFilesError } from './flow-files-error.ts'
import { changedFiles, fingerprintsAfter, readFingerprints, readFlowFiles } from './flow-files.ts'
import type { FlowFiles } from './flow-files.ts'

export interface FlowStorageOptions {
  /** Directory of the versioned flows: a file per tab and subflow, and `config.json`. */
  readonly flowsDir: string
  /** Node-RED's own directory: credentials, settings, sessions, and the exact order of the flow array. */
  readonly userDir: string
  /** Hears of each deploy that changed anything, once it is on the disk. */
  onDeploy?(deployed: Deployed): void
}

/** Files that a deploy changed, and who did it, as Node-RED knows it: undefined where nobody was logged in. */
export interface Deployed {
  readonly user: AuditMessage['user']
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

type Credentials = Readonly<Record<string, unknown>>

/** What Node-RED asks of a storage module; the parts not named here are Node-RED's own. */
export interface FlowStorage {
  init(settings: object, runtime: unknown): Promise<void>
  getFlows(): Promise<FlowNode[]>
  saveFlows(flows: readonly FlowNode[], user?: Deployed['user']): Promise<void>
  getCredentials(): Promise<Credentials>
  saveCredentials(credentials: Credentials): Promise<void>
}

/**
 * Node-RED's storage, with the flows as one file per tab: joined at start, split at Deploy.
 *
 * A deploy changes all its files or none, touches only files whose meaning changes, and never overwrites what changed
 * on disk since it was read. `init` and `getFlows` reject with a FlowFilesError if a file cannot be understood.
 */
export function createFlowStorage(options: FlowStorageOptions): FlowStorage {
  const flowsDir = resolve(options.flowsDir)
  const userDir = resolve(options.userDir)
  const places = { flowsDir, orderFile: join(userDir, 'flow-order.json') }
  const nodeRedStorage = loadNodeRedStorage()
  let files: FlowFiles | undefined
  let order: readonly string[] = []
  let heldCredentials: Credentials | undefined

  async function read(): Promise<FlowNode[]> {
    // Forgotten first: after a failed reading nothing may be deployed over what could not be understood.
    files = undefined
    await mkdir(userDir, { recursive: true })
    await finishDeploy(places)
    const found = await readFlowFiles(flowsDir)
    const remembered = readOrder(await readIfThere(places.orderFile))
    const flows = joinFlowsAs(found.arrangement, remembered) ?? joinFlows(found.arrangement)
    files = found
    order = remembered
    return flows
  }

  async function saveFlows(flows: readonly FlowNode[], user?: Deployed['user']): Promise<void> {
    if (!files || (await finishDeploy(places))) await read()
    const { arrangement, fingerprints } = files!
    const names = new Map(arrangement.sheets.map(({ name, nodes }) => [nodes[0].id, name]))
    const deployed = splitFlows(flows, names)
    refuseUnseen(flowsDir, fingerprints, await readFingerprints(flowsDir))

    if (heldCredentials) await nodeRedStorage.saveCredentials(heldCredentials)
    heldCredentials = undefined
    const ids = flows.map(({ id }) => id)
    const changes = changedFiles(arrangement, deployed)
    if (changes.size > 0) {
      await deployFiles(places, changes, fingerprints, ids)
    } else if (JSON.stringify(ids) !== JSON.stringify(order)) {
      await replaceDurably(places.orderFile, `${JSON.stringify(ids)}\n`)
    }
    order = ids
    files = { arrangement: deployed, fingerprints: fingerprintsAfter(fingerprints, changes) }
    if (changes.size > 0) options.onDeploy?.(deployedBy(user, changes))
  }

  return {
    ...nodeRedStorage,

    async init(settings, runtime) {
      if ((settings as ProjectSettings).editorTheme?.projects?.enabled) {
        throw new Error(
          'Node-RED projects cannot be used: the flows stand one file per tab in a git repository already',
        )
      }
      // The name decides where credentials stand: always the same file of userDir, whatever the host is called.
      const flowFile = { value: join(userDir, 'flows.json') }
      await nodeRedStorage.init(Object.create(settings, { flowFile, userDir: { value: userDir } }) as object, runtime)
      // Read here too: at start Node-RED swallows a rejection of getFlows and would go on with an empty editor.
      await read()
    },

    async getFlows() {
      heldCredentials = undefined
      return read()
    },

    saveFlows,

    // Node-RED saves credentials first, then flows. Held until the flows may be written, so that a refused deploy
    // writes nothing, and the next one still has them (Node-RED hands changed credentials over only once).
    async saveCredentials(credentials) {
      heldCredentials = credentials
    },
  }
}

function deployedBy(user: Deployed['user'], changes: ReadonlyMap<string, string | null>): Deployed {
  const names = [...changes.keys()].toSorted()
  return {
    user,
    changed: names.filter((name) => changes.get(name) !== null),
    removed: names.filter((name) => changes.get(name) === null),
  }
}

interface ProjectSettings {
  readonly editorTheme?: { readonly projects?: { readonly enabled?: boolean } }
}

/** Node-RED's default storage, found from where Node-RED itself stands: it is no dependency of ours. */
function loadNodeRedStorage(): FlowStorage {
  const nodeRed = createRequire(import.meta.url).resolve('node-red')
  return createRequire(nodeRed)('@node-red/runtime/lib/storage/localfilesystem') as FlowStorage
}

/** The remembered order. It only restores how equal flows are arranged, so one that is damaged counts as none. */
function readOrder(content: string | undefined): readonly string[] {
  if (content === undefined) return []
  try {
    const ids: unknown = JSON.parse(content)
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

function refuseUnseen(flowsDir: string, known: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): void {
  const differences = [...new Set([...known.keys(), ...found.keys()])].sort().flatMap((file) => {
    if (known.get(file) === found.get(file)) return []
    const what = !found.has(file) ? 'vanished from disk' : known.has(file) ? 'was changed on disk' : 'appeared on disk'
    return [`${join(flowsDir, file)} ${what}`]
  })
  if (differences.length === 0) return
  throw new FlowFilesError(
    'flows_changed_on_disk',
    `${differences.join(', ')} since the flows were read; nothing was written. Export what you changed, load the ` +
      'files with Deploy > Restart Flows, and import it again',
  )
}
