import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fingerprint, readIfThere, replaceDurably } from './durable-files.ts'
import { type FlowArrangement, type FlowNode, type FlowSheet, joinFlows } from './flow-arrangement.ts'
import type { Environment } from './environment.ts'
import { deployFiles, finishDeploy } from './flow-deploy.ts'
import { FlowFilesError } from './flow-files-error.ts'
import { changedFiles, readFlowFiles } from './flow-files.ts'
import { installation } from './installation.ts'
import { flowsOfFirstRelease } from './shipped-flows-0.1.0.ts'

export interface ShippedFlowsPlaces {
  /** The flows that run: an engineer's, once edited. */
  readonly flowsDir: string
  /** The flows of this release. */
  readonly shippedDir: string
  /** Node-RED's own directory. */
  readonly userDir: string
}

/** What of the shipped flows has been seen here: fingerprints of sheets and global nodes as they were shipped, by id. */
export type SeenFlows = Readonly<Record<string, string>>

/** Does so for the folder that the environment names, before anything runs on it. A folder that cannot be understood is left to Node-RED to complain of. */
export async function bringFlowsOfThisRelease(
  environment: Environment,
  say: (level: 'info' | 'warn', line: string) => void,
): Promise<void> {
  const shippedDir = join(installation, 'flows')
  const flowsDir = resolve(environment.FLOWS_DIR ?? shippedDir)
  // The installation's own folder: whoever upgrades it, upgrades the flows with it.
  if (flowsDir === shippedDir) return
  const userDir = join(resolve(environment.DATA_DIR), 'node-red')
  const { version } = JSON.parse(await readFile(join(installation, 'package.json'), 'utf8')) as { version: string }
  try {
    const lines = await bringShippedFlows({ flowsDir, shippedDir, userDir }, version)
    for (const line of lines) say('info', line)
  } catch (error) {
    if (!(error instanceof FlowFilesError)) throw error
    say('warn', `the flows of this release were not brought to FLOWS_DIR: ${error.message}`)
  }
}

/**
 * Brings the flows of a release to a folder of flows that is not the installation's own. What nobody has edited here is replaced, what
 * is new is added, what was edited is kept, what was removed stays away. Where an edited tab is kept, the shipped one goes to the
 * editor's library (Import > Local), under the release's name.
 * @param release  version of this release
 * @returns what was done, a line each; none if there was nothing to do
 * @throws FlowFilesError if the folder cannot be understood; nothing was changed then
 */
export async function bringShippedFlows(places: ShippedFlowsPlaces, release: string): Promise<string[]> {
  const { flowsDir, shippedDir, userDir } = places
  await mkdir(flowsDir, { recursive: true })
  await mkdir(userDir, { recursive: true })
  const deployPlaces = { flowsDir, orderFile: join(userDir, 'flow-order.json') }
  await finishDeploy(deployPlaces)
  const { arrangement: shipped } = await readFlowFiles(shippedDir)
  const { arrangement: present, fingerprints } = await readFlowFiles(flowsDir)
  const seen = (await readSeen(flowsDir)) ?? seenWithoutNote(present, shipped)
  const { arrangement, lines, kept } = merged(present, shipped, seen)

  for (const { name, nodes } of kept) await putIntoLibrary(userDir, release, name, nodes)
  const changes = changedFiles(present, arrangement)
  if (changes.size > 0)
    await deployFiles(
      deployPlaces,
      changes,
      fingerprints,
      joinFlows(arrangement).map(({ id }) => id),
    )
  // Last: killed before, the next start does the same again.
  const now = JSON.stringify({ ...seen, ...partsOf(shipped) }, null, 2) + '\n'
  if (now !== (await readIfThere(seenFile(flowsDir)))) await replaceDurably(seenFile(flowsDir), now)
  return lines
}

/** Not a flow file for its leading dot; beside them, because it tells about them and must travel with them. */
const seenFile = (flowsDir: string): string => join(flowsDir, '.shipped.json')

async function readSeen(flowsDir: string): Promise<SeenFlows | undefined> {
  const content = await readIfThere(seenFile(flowsDir))
  if (content === undefined) return undefined
  try {
    return JSON.parse(content) as SeenFlows
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new FlowFilesError('flows_malformed', `${seenFile(flowsDir)} is not JSON: restore it, or remove it`)
  }
}

/** 0.1.0 took no note of what it shipped. A folder that has nothing of it is somebody's own, and gets nothing. */
function seenWithoutNote(present: FlowArrangement, shipped: FlowArrangement): SeenFlows {
  const nodes = joinFlows(present)
  if (nodes.length === 0) return {}
  return nodes.some(({ id }) => id in flowsOfFirstRelease) ? flowsOfFirstRelease : partsOf(shipped)
}

/** Fingerprints of what an arrangement is made of, by id. A sheet counts as a whole, global nodes each. */
function partsOf({ sheets, global }: FlowArrangement): SeenFlows {
  return Object.fromEntries([
    ...sheets.map(({ nodes }) => [nodes[0].id, printOf(nodes)]),
    ...global.map((node) => [node.id, printOf(node)]),
  ])
}

const printOf = (part: unknown): string => fingerprint(JSON.stringify(part))

interface Merged {
  readonly arrangement: FlowArrangement
  readonly lines: readonly string[]
  /** Shipped sheets that changed, and whose place an edited one keeps. */
  readonly kept: readonly FlowSheet[]
}

/** Decides, part by part. Pure. */
function merged(present: FlowArrangement, shipped: FlowArrangement, seen: SeenFlows): Merged & { lines: string[] } {
  const lines: string[] = []
  const kept: FlowSheet[] = []
  const sheets = [...present.sheets]
  const ids = new Set(joinFlows(present).map(({ id }) => id))
  for (const sheet of shipped.sheets) {
    const id = sheet.nodes[0].id
    const print = printOf(sheet.nodes)
    const index = sheets.findIndex(({ nodes }) => nodes[0].id === id)
    const here = sheets[index]
    if (seen[id] === print || (here && printOf(here.nodes) === print)) continue
    if (here && printOf(here.nodes) === seen[id] && !clashes(sheet, ids, here)) {
      sheets[index] = { name: here.name, nodes: sheet.nodes }
      lines.push(`flows: "${titleOf(sheet)}" is the one of this release`)
    } else if (!here && seen[id] === undefined && !clashes(sheet, ids)) {
      sheets.push({ name: freeName(sheet.name, sheets), nodes: sheet.nodes })
      lines.push(`flows: "${titleOf(sheet)}" is new`)
    } else if (here || seen[id] === undefined) {
      kept.push(sheet)
      const why = here ? 'was edited here and is kept' : 'is new, and has nodes that stand elsewhere here'
      lines.push(
        `flows: "${titleOf(here ?? sheet)}" ${why}; for the one of this release see the editor, Import > Local`,
      )
    }
  }
  return { arrangement: { sheets, global: mergedGlobals(present, shipped.global, seen, ids) }, lines, kept }
}

/** Global nodes have no place of their own to be seen in: what an engineer changed or removed stays so. */
function mergedGlobals(
  present: FlowArrangement,
  shipped: readonly FlowNode[],
  seen: SeenFlows,
  ids: ReadonlySet<string>,
): FlowNode[] {
  const newest = new Map(shipped.map((node) => [node.id, node]))
  const updated = present.global.map((node) => (seen[node.id] === printOf(node) ? (newest.get(node.id) ?? node) : node))
  return [...updated, ...shipped.filter(({ id }) => !ids.has(id) && seen[id] === undefined)]
}

/** Whether a node of the sheet stands somewhere else already: moved to another tab, or brought there by an import. */
function clashes({ nodes }: FlowSheet, ids: ReadonlySet<string>, instead?: FlowSheet): boolean {
  const leaving = new Set(instead?.nodes.map(({ id }) => id))
  return nodes.some(({ id }) => ids.has(id) && !leaving.has(id))
}

function freeName(wanted: string, sheets: readonly FlowSheet[]): string {
  const taken = new Set(sheets.map(({ name }) => name.toLowerCase()))
  let name = wanted
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}-${n}`
  return name
}

const titleOf = ({ name, nodes: [sheet] }: FlowSheet): string => String(sheet['label'] ?? sheet['name'] ?? name)

/** Where the editor looks for flows to import. */
async function putIntoLibrary(
  userDir: string,
  release: string,
  name: string,
  nodes: readonly FlowNode[],
): Promise<void> {
  const folder = join(userDir, 'lib', 'flows', `Linha Viva ${release}`)
  await mkdir(folder, { recursive: true })
  await replaceDurably(join(folder, `${name}.json`), JSON.stringify(nodes))
}
