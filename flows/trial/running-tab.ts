import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { NodeMessage } from 'node-red'
import { coreFiles, verbOf } from './node-types.ts'
import type { Assignment } from './outcome.ts'
import type { Delivery, LogEntry } from './recorder.ts'
import type { TrialSettings } from './stand-ins.ts'

/** What an embedder uses of Node-RED. */
interface NodeRed {
  init(settings: object): void
  start(): Promise<void>
  events: { once(event: string, listener: () => void): void }
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

/** Starts Node-RED's own runtime with these flows: without editor, without ports, with a user directory of its own. */
export async function startTab(flows: Assignment['flows'], userDir: string, trial: TrialSettings): Promise<RunningTab> {
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
      trial: { level: 'warn', handler: () => (entry: LogEntry) => trial.recorder.logged(entry) },
    },
  })
  nodeRed.hooks.add('onReceive.trial', (delivery: Delivery) => trial.recorder.received(delivery))
  nodeRed.hooks.add('onSend.trial', (deliveries: Delivery[]) => trial.recorder.sent(deliveries))
  const started = new Promise<void>((resolve) => nodeRed.events.once('flows:started', resolve))
  await nodeRed.start()
  await started
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
