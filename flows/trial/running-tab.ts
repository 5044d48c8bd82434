import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { NodeMessage } from 'node-red'
import { coreFiles, verbOf } from './node-types.ts'
import type { Assignment } from './outcome.ts'
import type { Delivery, LogEntry, Recorder } from './recorder.ts'
import type { TrialSettings } from './stand-ins.ts'

/** What an embedder uses of Node-RED. */
interface NodeRed {
  init(settings: object): void
  start(): Promise<void>
  events: { on(event: string, listener: (event: { payload?: { error?: string } }) => void): void }
  hooks: { add(name: string, take: (event: never) => void): void }
  nodes: { getNode(id: string): LiveInput | undefined }
}

interface LiveInput {
  receive(msg: NodeMessage): void
  send(msg: NodeMessage): void
}

export interface RunningTab {
  /** Hands a message to the node with this id or name. @returns whether there is one */
  hand(to: string, msg: NodeMessage): boolean
}

/**
 * Starts Node-RED's own runtime with these flows: without editor, without ports, with a user directory of its own.
 * @returns in place of the running tab, why it does not run
 */
export async function startTab(
  flows: Assignment['flows'],
  userDir: string,
  trial: TrialSettings,
): Promise<RunningTab | string> {
  const loading: string[] = []
  writeFileSync(join(userDir, 'package.json'), '{}')
  const nodeRed = createRequire(import.meta.url)('node-red') as NodeRed
  nodeRed.init({
    userDir,
    trial,
    storageModule: keptInMemory(flows),
    nodesDir: import.meta.dirname,
    nodesIncludes: [...coreFiles, 'stand-ins.js'],
    httpAdminRoot: false,
    httpNodeRoot: false,
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false, ui: false },
    functionExternalModules: false,
    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    // There are none: what needs them is stood in for.
    credentialSecret: false,
    contextStorage: { default: { module: 'memory' } },
    logging: {
      console: { level: 'off' },
      trial: { level: 'warn', handler: () => logInto(trial.recorder, loading) },
    },
  })
  nodeRed.hooks.add('onReceive.trial', (delivery: Delivery) => trial.recorder.received(delivery))
  nodeRed.hooks.add('onSend.trial', (deliveries: Delivery[]) => trial.recorder.sent(deliveries))
  const start = Promise.withResolvers<string | undefined>()
  nodeRed.events.on('flows:started', () => start.resolve(undefined))
  nodeRed.events.on('runtime-event', ({ payload }) => {
    if (payload?.error) start.resolve([`Node-RED does not start the flows: ${payload.error}`, ...loading].join('; '))
  })
  await nodeRed.start()
  const fault = await start.promise
  if (fault !== undefined) return fault
  return {
    hand(to, msg) {
      const known = flows.find(({ id }) => id === to) ?? flows.find((node) => node['name'] === to)
      const node = known && nodeRed.nodes.getNode(known.id)
      if (!node) return false
      if (trial.standIns.includes(known.type) && verbOf(known.type) === 'taken') node.send(msg)
      else node.receive(msg)
      return true
    },
  }
}

/** What is no node's comes while nodes are loaded: each that cannot be is named in brackets. */
const logInto =
  (recorder: Recorder, loading: string[]) =>
  (entry: LogEntry): void => {
    if (entry.id === undefined && /^\[.+\] /.test(String(entry.msg))) loading.push(String(entry.msg).slice(0, 500))
    else recorder.logged(entry)
  }

/** Node-RED's storage, with these flows in it, that keeps nothing. */
function keptInMemory(flows: Assignment['flows']): object {
  const nothing = async (): Promise<object> => ({})
  return {
    init: nothing,
    getFlows: async () => structuredClone(flows),
    saveFlows: nothing,
    getCredentials: nothing,
    saveCredentials: nothing,
    getSettings: nothing,
    saveSettings: nothing,
    getSessions: nothing,
    saveSessions: nothing,
    getLibraryEntry: nothing,
    saveLibraryEntry: nothing,
  }
}
