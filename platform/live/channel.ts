import type { LiveFilter, LiveTopic, Piece } from '../wire/live.ts'
import type { Entry, TopicState } from './topic-state.ts'
import { topicRules } from './topic-rules.ts'

/** What several clients may have in common: the same part of a topic, seen with the same eyes. */
export interface Channel {
  readonly topic: LiveTopic
  /** Two channels with the same name show the same. */
  readonly name: string
  /** Sequence of versions; another one for those who do not see what is personal, since they see other values. */
  readonly epoch: string
  readonly feederId: string | undefined
  readonly keys: ReadonlySet<string> | undefined
  readonly showsPersonal: boolean
}

/** @param mayPersonal  whether the client may see what is personal */
export function channelOf(topic: LiveTopic, filter: LiveFilter, hubEpoch: string, mayPersonal: boolean): Channel {
  const showsPersonal = mayPersonal || topicRules[topic].withoutPersonal === undefined
  const keys = filter.keys && new Set(filter.keys.toSorted())
  const { feederId } = filter
  return {
    topic,
    name: JSON.stringify([topic, showsPersonal, feederId ?? null, keys ? [...keys] : null]),
    epoch: showsPersonal ? hubEpoch : `${hubEpoch}-public`,
    feederId,
    keys,
    showsPersonal,
  }
}

/** What leads a client from one version to another: the entries to send, whose values are looked up when they are sent. */
export interface Round {
  readonly channel: Channel
  readonly type: Piece['type']
  /** Up to here nothing of the channel is unknown to the client; 0 for a snapshot. */
  readonly since: number
  readonly to: number
  readonly entries: readonly Entry[]
}

/**
 * What a client of a channel has to hear to be up to date.
 * @param since  version up to which it knows everything; undefined: it knows nothing
 */
export function roundOf(state: TopicState, channel: Channel, since: number | undefined): Round {
  const snapshot = since === undefined || since < state.horizon
  const from = snapshot ? 0 : since
  const changed = channel.keys ? state.changedAmong(channel.keys, from) : state.changedSince(from)
  const entries = changed.filter(
    (entry) => showsIn(channel, entry) || (!snapshot && mayHaveShown(channel, entry, from)),
  )
  return { channel, type: snapshot ? 'snapshot' : 'delta', since: from, to: state.version, entries }
}

/** Whether deltas can lead on from a position that a client names. */
export const canResume = (state: TopicState, channel: Channel, epoch: string, version: number): boolean =>
  epoch === channel.epoch && version >= state.horizon && version <= state.version

const showsIn = ({ feederId }: Channel, { value, feederId: its }: Entry): boolean =>
  value !== undefined && (feederId === undefined || feederId === its)

/** It was removed or went to another feeder after `since`: the client may have it, and must hear that it is gone. */
const mayHaveShown = ({ feederId }: Channel, entry: Entry, since: number): boolean =>
  entry.value === undefined || (feederId !== undefined && entry.feederSince > since)

/** One message of a round. */
export interface Frame {
  readonly data: Buffer
  /** Where the next one begins; undefined: this was the last. */
  readonly next: number | undefined
}

/** Characters of values in one message, about. */
export const pieceCharacters = 128 * 1024

/**
 * Makes the message with the entries from `start` on, as many as fit.
 * @param from   version that the client is at
 * @param piece  how many went before
 * @param most   characters of values, about
 */
export function frameOf(round: Round, from: number, start: number, piece: number, most = pieceCharacters): Frame {
  const { channel, entries, type, to } = round
  const set: string[] = []
  const removed: string[] = []
  let index = start
  for (let characters = 0; index < entries.length && characters < most; index++) {
    const entry = entries[index]!
    const text = showsIn(channel, entry) ? textOf(entry, channel) : JSON.stringify(entry.key)
    if (showsIn(channel, entry)) set.push(text)
    else if (type === 'delta') removed.push(text)
    characters += text.length
  }
  const last = index >= entries.length
  const head = JSON.stringify({ type, topic: channel.topic, epoch: channel.epoch, from, to, piece, last })
  const data = Buffer.from(`${head.slice(0, -1)},"set":{${set.join()}},"removed":[${removed.join()}]}`)
  return { data, next: last ? undefined : index }
}

/** Made once for all who see it. */
function textOf(entry: Entry, { topic, showsPersonal }: Channel): string {
  if (showsPersonal) return (entry.fullText ??= pair(entry.key, entry.value!))
  const { withoutPersonal } = topicRules[topic]
  return (entry.publicText ??= pair(entry.key, withoutPersonal!(entry.value as never)))
}

const pair = (key: string, value: object): string => `${JSON.stringify(key)}:${JSON.stringify(value)}`
