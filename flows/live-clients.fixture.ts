import { fork } from 'node:child_process'
import { connect, type Socket as TcpSocket } from 'node:net'
import { createHistogram } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { LiveClient, type LiveSubscription } from '../platform/wire/live-client.ts'
import { liveTopics, type LiveTopic } from '../platform/wire/live.ts'

/** Clients that follow the same. */
export interface Followers {
  readonly count: number
  readonly topics: Partial<Record<LiveTopic, LiveSubscription>>
  /**
   * `readers` take every message and look at its head only: on one machine with what is measured, three hundred programs
   * that make objects of everything would measure themselves. `stalled` subscribe, and then read nothing.
   */
  readonly as?: 'clients' | 'readers' | 'stalled'
}

export interface LiveLoad {
  readonly url: string
  readonly token: string
  readonly followers: readonly Followers[]
}

/** What clients of one kind know of a topic, each different state once. */
export type KnownStates = { readonly clients: number; readonly state: Record<string, unknown> }[]

export interface LiveReport {
  /** Clients that read, how many of them have a state of every topic they follow, and how often each connected in all. */
  readonly clients: number
  readonly informed: number
  readonly connections: number
  /** Times that something was missing in what the server sent. */
  readonly gaps: number
  /** From a reading's instant to its arrival, of a sample of what came since the last report, ms. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly samples: number }
  /** Processor seconds used so far. */
  readonly cpuSeconds: number
}

export interface RunningLiveClients {
  report(): Promise<LiveReport>
  /** What the followers with this index know of a topic. */
  states(followers: number, topic: LiveTopic): Promise<KnownStates>
  stop(): Promise<void>
}

type Question =
  { readonly ask: 'report' } | { readonly ask: 'states'; readonly followers: number; readonly topic: LiveTopic }

const script = fileURLToPath(import.meta.url)

/** Runs live clients in a process of their own: they share no event loop with what they look at. */
export function startLiveClients(load: LiveLoad): RunningLiveClients {
  const child = fork(script, [], { execArgv: [] })
  child.send(load)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let asked: Promise<unknown> = Promise.resolve()
  const ask = <T>(question: Question): Promise<T> => {
    const answer = asked.then(
      () =>
        new Promise<T>((resolve, reject) => {
          child.once('message', resolve)
          void ended.then(() => reject(new Error('the live clients have ended')))
          child.send(question)
        }),
    )
    asked = answer.catch(() => undefined)
    return answer
  }
  return {
    report: () => ask({ ask: 'report' }),
    states: (followers, topic) => ask({ ask: 'states', followers, topic }),
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function follow({ url, token, followers }: LiveLoad): void {
  const options = { headers: { Authorization: `Bearer ${token}` }, perMessageDeflate: false }
  const delay = createHistogram()
  let connections = 0
  const record = (at: string): void => delay.record(Math.max(1, Date.now() - Date.parse(at)))
  const readers: Reader[] = []
  const opened = followers.map(({ count, topics, as }) =>
    Array.from({ length: count }, () => {
      if (as === 'stalled') return void stall(url, options, topics)
      if (as === 'readers') return void readers.push(new Reader(url, options, topics, record))
      const client: LiveClient = new LiveClient({
        open: () => {
          connections++
          return new WebSocket(url, options)
        },
        onChange: ({ topic, set, whole }) => {
          if (topic === 'devices' && !whole) recordDelays(client, set)
        },
      })
      for (const [topic, subscription] of Object.entries(topics)) client.subscribe(topic as LiveTopic, subscription)
      return client
    }),
  )
  /** A few readings of each message stand for the others. */
  function recordDelays(client: LiveClient, keys: readonly string[]): void {
    const devices = client.state('devices')
    const step = Math.max(1, Math.floor(keys.length / 8))
    for (let index = Math.floor(Math.random() * step); index < keys.length; index += step) {
      const at = devices.get(keys[index]!)?.at
      if (at) record(at)
    }
  }
  const reading = opened.flat().filter((client) => client !== undefined)
  const isInformed = (client: LiveClient, topics: Followers['topics']): boolean =>
    liveTopics.every((topic) => !topics[topic] || client.version(topic) !== undefined) &&
    client.status.state === 'connected'
  const report = (): LiveReport => {
    const { user, system } = process.cpuUsage()
    const measured = { p50: delay.percentile(50), p99: delay.percentile(99), samples: delay.count }
    delay.reset()
    return {
      clients: reading.length + readers.length,
      informed: opened
        .flatMap((clients, kind) => clients.map((client) => client && isInformed(client, followers[kind]!.topics)))
        .concat(readers.map((reader) => reader.isInformed))
        .filter(Boolean).length,
      connections: connections + readers.length,
      gaps: [...reading, ...readers].reduce((sum, { gaps }) => sum + gaps, 0),
      delay: measured,
      cpuSeconds: (user + system) / 1e6,
    }
  }
  const states = (kind: number, topic: LiveTopic): KnownStates => {
    const known = new Map<string, number>()
    for (const client of opened[kind]!) {
      const sorted = [...client!.state(topic)].toSorted(([one], [other]) => (one < other ? -1 : 1))
      const text = JSON.stringify(Object.fromEntries(sorted))
      known.set(text, (known.get(text) ?? 0) + 1)
    }
    return [...known].map(([text, clients]) => ({ clients, state: JSON.parse(text) as Record<string, unknown> }))
  }
  process.on('message', (question: Question) =>
    process.send!(question.ask === 'report' ? report() : states(question.followers, question.topic)),
  )
}

const ask = (ws: WebSocket, topics: Followers['topics']): void => {
  for (const [topic, subscription] of Object.entries(topics))
    ws.send(JSON.stringify({ type: 'subscribe', topic, ...subscription }))
}

/** Takes every message, and sees by its head whether it follows the one before. */
class Reader {
  gaps = 0
  #ws: WebSocket
  #waitingFor: Set<string>
  #versions = new Map<string, number>()

  constructor(url: string, options: object, topics: Followers['topics'], arrived: (at: string) => void) {
    this.#waitingFor = new Set(Object.keys(topics))
    this.#ws = new WebSocket(url, options)
    this.#ws.on('error', () => this.gaps++)
    this.#ws.on('close', () => this.gaps++)
    this.#ws.on('open', () => ask(this.#ws, topics))
    this.#ws.on('message', (data: Buffer) => this.#read(data.toString('latin1', 0, 700), arrived))
  }

  get isInformed(): boolean {
    return this.#waitingFor.size === 0
  }

  #read(head: string, arrived: (at: string) => void): void {
    const [, type, topic, from, to, last] =
      /^\{"type":"(snapshot|delta)","topic":"(\w+)",.*?"from":(\d+),"to":(\d+),"piece":\d+,"last":(\w+)/.exec(head) ??
      []
    if (topic === undefined) return
    if (type === 'delta' && this.#versions.get(topic) !== Number(from)) this.gaps++
    if (last === 'true') {
      this.#versions.set(topic, Number(to))
      this.#waitingFor.delete(topic)
    }
    const at = type === 'delta' && topic === 'devices' ? /"at":"([^"]+)"/.exec(head)?.[1] : undefined
    if (at !== undefined) arrived(at)
  }
}

/** Asks for what changes, and stops reading as soon as it has begun to come. */
function stall(url: string, options: object, topics: Followers['topics']): void {
  let tcp: TcpSocket | undefined
  const ws = new WebSocket(url, {
    ...options,
    createConnection: ((to: { port: number; host: string }) => (tcp = connect(to))) as never,
  })
  // Once it is dropped, it is: it does not come again.
  ws.on('error', () => undefined)
  ws.on('open', () => ask(ws, topics))
  ws.on('message', (data: Buffer) => {
    if (data.toString('latin1', 0, 30).includes('"snapshot"')) tcp!.pause()
  })
}

if (process.argv[1] === script && process.send) {
  // Whoever started us is gone.
  process.once('disconnect', () => process.exit(1))
  process.once('message', (load) => follow(load as LiveLoad))
}
