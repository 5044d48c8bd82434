import { createRequire } from 'node:module'
import type { NodeAPI } from 'node-red'
import { offerOf } from './define-node.ts'
import { waitUntil } from './waiting.fixture.ts'

/** node-red-node-test-helper brings no types. */
interface Helper {
  init(runtime: string): void
  load(registrations: unknown[], flow: object[], credentials: object): Promise<void>
  unload(): Promise<void>
  getNode(id: string): {
    receive(message: object): void
    on(event: 'input', listener: (message: Message) => void): void
  }
}
const require = createRequire(import.meta.url)
const nodeRed = require.resolve('node-red')
const helper = require('node-red-node-test-helper') as Helper
helper.init(nodeRed)

/** The function node of Node-RED itself: what an engineer puts on a wire. */
export const functionNode = createRequire(nodeRed)('@node-red/nodes/core/function/10-function.js') as (
  RED: NodeAPI,
) => void

export interface Message {
  topic?: string
  // What a test says of a payload, the test knows.
  payload?: unknown
  batchId?: number
  error?: { message: string; source: { id: string } }
}

export interface FlowNode {
  id: string
  type: string
  /** Configuration nodes have none. */
  wires?: string[][]
  [property: string]: unknown
}

export interface Status {
  fill?: string
  shape?: string
  text?: string
}

export interface TestFlow {
  send(id: string, message: object): void
  /** What reached a node of type `helper`, in order. */
  received(id: string): Message[]
  /** What reached Catch. */
  errors(): string[]
  /** Every status that a node showed. */
  statuses(id: string): Status[]
  /** Waits for the text that a status of the node has. */
  showed(id: string, text: string | RegExp): Promise<Status>
  /** What other nodes find behind a configuration node. */
  node<T>(id: string): T
  stop(): Promise<void>
}

type Registration = (RED: NodeAPI) => void

/** Runs nodes in Node-RED's own runtime, on a tab with a Catch for all of them. Errors of nodes go there, not to the screen. */
export async function startFlow(
  registrations: Registration[],
  nodes: FlowNode[],
  credentials: Record<string, object> = {},
): Promise<TestFlow> {
  const place = { z: 'tab', x: 1, y: 1 }
  const flow = [
    { id: 'tab', type: 'tab' },
    ...nodes.map((node) => (node.wires ? { ...place, ...node } : node)),
    // The helper knows one only: a test that needs another kind of it brings it.
    ...(nodes.some(({ id }) => id === 'catch')
      ? []
      : [{ ...place, id: 'catch', type: 'catch', scope: null, wires: [['caught']] }]),
    { ...place, id: 'caught', type: 'helper', wires: [] },
  ]
  const received = new Map<string, Message[]>()
  const statuses = new Map<string, Status[]>()
  const noteStatus = ({ id, status }: { id: string; status: Status }): void => {
    statuses.set(id, [...(statuses.get(id) ?? []), status])
  }
  let withdraw = (): void => undefined
  const watch: Registration = (RED) => {
    RED.events.on('node-status', noteStatus)
    withdraw = () => void RED.events.removeListener('node-status', noteStatus)
  }
  await helper.load([watch, ...registrations], flow, credentials)
  for (const { id, type } of flow) {
    if (type !== 'helper') continue
    const messages: Message[] = []
    received.set(id, messages)
    helper.getNode(id).on('input', (message) => messages.push(message))
  }
  const showed = (id: string, text: string | RegExp): Promise<Status> =>
    waitUntil(`a status of ${id} with ${String(text)}`, () =>
      statuses
        .get(id)
        ?.find((status) => (typeof text === 'string' ? status.text === text : text.test(status.text ?? ''))),
    )
  return {
    send: (id, message) => helper.getNode(id).receive(message),
    received: (id) => received.get(id) ?? [],
    errors: () => (received.get('caught') ?? []).map(({ error }) => error?.message ?? ''),
    statuses: (id) => statuses.get(id) ?? [],
    showed,
    node: <T>(id: string) => offerOf(helper.getNode(id)) as T,
    async stop() {
      await helper.unload()
      withdraw()
    },
  }
}
