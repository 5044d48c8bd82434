import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { NodeAPI } from 'node-red'
import { batchOf } from '../../nodes/telemetry/domain/wire-check.ts'
import { placeItems } from '../../nodes/telemetry/place-items.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import { type Behaviour, defineNode } from '../../platform/node/define-node.ts'
import { installation } from '../../platform/runtime/installation.ts'
import type { KnownDevices } from './known-devices.ts'
import { memoryShelves } from './memory-shelves.ts'
import { followsDatabase, ownNodes, verbOf } from './node-types.ts'
import { plain } from './plain.ts'
import { idOf, type LiveNode, type Recorder } from './recorder.ts'

/** What Node-RED's settings carry to the stand-ins. */
export interface TrialSettings {
  readonly recorder: Recorder
  readonly registry: KnownDevices
  readonly standIns: readonly string[]
}

/** Registers, under the types' own names, what stands for nodes that reach outside; and those of ours that do not. */
export default async function register(RED: NodeAPI): Promise<void> {
  const { trial } = RED.settings as unknown as { trial: TrialSettings }
  for (const type of trial.standIns) {
    if (type === 'linhaviva-postgresql') standForDatabase(RED, type, trial)
    else if (type === 'linhaviva-telemetry-store') standForStore(RED, type, trial)
    else standForOutput(RED, type, trial)
  }
  for (const file of ownFiles()) {
    const { default: registerOwn } = (await import(pathToFileURL(file).href)) as { default: (RED: NodeAPI) => void }
    registerOwn(RED)
  }
}

function standForDatabase(RED: NodeAPI, type: string, { registry }: TrialSettings): void {
  defineNode(RED, type, {}, (_config, node) => {
    node.offer({ registry })
    return {}
  })
}

/** Does with each item what the store does, but for keeping it: the batches are settled, and what is new goes on. */
function standForStore(RED: NodeAPI, type: string, { recorder, registry }: TrialSettings): void {
  const shelves = memoryShelves()
  defineNode(RED, type, {}, (_config, _node, self) => {
    const id = idOf(self as LiveNode)
    return {
      async onInput(msg, send) {
        const batch = batchOf(msg)
        const { topic, batchId } = batch
        if (batch.again && batchId !== undefined && !acknowledgements.isOpen(batchId)) return
        const { stored, duplicates, quarantined } = await placeItems(batch, registry, shelves)
        for (const item of stored as { at: number; deviceId: string; eventId?: string }[]) {
          const key = item.eventId ?? new Date(item.at).toISOString()
          recorder.add({ node: id, verb: 'stored', group: topic, device: item.deviceId, key, value: plain(item) })
        }
        for (let n = 0; n < duplicates; n++)
          recorder.add({ node: id, verb: 'recognised as duplicate', group: topic, key: '', value: null })
        for (const { deviceId, reason, topic: key, ...rest } of quarantined) {
          const value = { ...rest, payload: Buffer.from(rest.payload).toString() }
          const device = deviceId === undefined ? {} : { device: deviceId }
          recorder.add({ node: id, verb: 'quarantined', group: reason, key, ...device, value: plain(value) })
        }
        const outcome = { stored: stored.length, duplicates, quarantined: quarantined.length }
        if (batchId !== undefined) acknowledgements.settle(batchId, outcome)
        if (stored.length > 0) send({ ...msg, payload: stored })
      },
    }
  })
}

/** Takes down what it is given, and passes nothing on. Of a configuration node it is all that others find. */
function standForOutput(RED: NodeAPI, type: string, { recorder }: TrialSettings): void {
  defineNode<{ active?: boolean }>(RED, type, {}, (config, _node, self): Behaviour => {
    // A debug node that is switched off shows nothing in the running system either.
    if (followsDatabase(type) || (type === 'debug' && config.active === false)) return { onInput: () => undefined }
    return { onInput: (msg) => recorder.take(idOf(self as LiveNode), verbOf(type), msg) }
  })
}

function ownFiles(): string[] {
  const { 'node-red': nodeRed } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as {
    'node-red': { nodes: Record<string, string> }
  }
  return ownNodes.flatMap((name) => (nodeRed.nodes[name] ? [join(installation, nodeRed.nodes[name])] : []))
}
