import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { MqttClient } from 'mqtt'
import { pause } from '../clock/pause.ts'
import { BrokerAway, type BrokerLine } from './keep-connected.ts'

/** What a broker is to keep on a topic; an empty payload: nothing. */
export interface Retained {
  readonly topic: string
  readonly payload: string
}

/** Topics that somebody keeps in line with what stands elsewhere. */
export interface RetainedTopics extends BrokerLine {
  /** All of them. */
  readonly filter: string
  /** One of them that nothing else stands on: what is published there, always empty, is heard by whoever published it where that is allowed. */
  readonly probeTopic: string
}

/** The broker has said what it keeps when it says nothing more for so long. */
const quietMs = 500
const longestListeningMs = 30_000
const publishWithinMs = 10_000
const probeWithinMs = 5_000
const mostAtOnce = 1_000

/** Publishes retained messages. @throws BrokerAway where not all was confirmed in time: then the connection has ended */
export async function publishRetained(client: MqttClient | undefined, messages: readonly Retained[]): Promise<void> {
  for (let from = 0; from < messages.length; from += mostAtOnce) {
    if (!client?.connected) throw new BrokerAway('the broker is away')
    await publishAll(client, messages.slice(from, from + mostAtOnce))
  }
}

async function publishAll(client: MqttClient, messages: readonly Retained[]): Promise<void> {
  const settled = new AbortController()
  const { signal } = settled
  const late = pause(publishWithinMs, signal).then(() => {
    throw new BrokerAway(`the broker did not confirm within ${publishWithinMs} ms`)
  })
  const lost = once(client as never, 'close', { signal }).then(() => {
    throw new BrokerAway('the broker has ended the connection')
  })
  const sent = messages.map(({ topic, payload }) => client.publishAsync(topic, payload, { qos: 1, retain: true }))
  try {
    await Promise.race([Promise.all(sent), late, lost])
  } catch (error) {
    // What was not confirmed is not sent again by this connection, past what comes then.
    client.end(true)
    throw error
  } finally {
    settled.abort()
  }
}

/**
 * What the broker keeps on these topics: a digest of each payload, by topic.
 * @throws Error where the user may not read or publish there: a broker does not say so of what is published
 */
export async function keptMessages(
  client: MqttClient,
  { filter, probeTopic }: RetainedTopics,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const kept = new Map<string, string>()
  let heardAt = performance.now()
  let heardItself = false
  const onMessage = (topic: string, payload: Buffer): void => {
    if (payload.length > 0) kept.set(topic, digestOf(payload))
    if (topic === probeTopic) heardItself = true
    heardAt = performance.now()
  }
  client.on('message', onMessage)
  const [granted] = await client.subscribeAsync(filter, { qos: 1 })
  if (!granted || granted.qos >= 0x80) throw new Error(`the broker refuses ${filter} to the dispatcher`)
  const until = performance.now() + longestListeningMs
  await publishAll(client, [{ topic: probeTopic, payload: '' }])
  heardAt = performance.now()
  while (performance.now() - heardAt < quietMs && performance.now() < until) await pause(quietMs / 5, signal)
  while (!heardItself && performance.now() - heardAt < probeWithinMs) await pause(quietMs / 5, signal)
  signal.throwIfAborted()
  if (!heardItself)
    throw new Error(
      `the broker does not pass on what is published on ${filter}: has its user the right of the dispatcher?`,
    )
  client.off('message', onMessage)
  await client.unsubscribeAsync(filter)
  return kept
}

export const digestOf = (payload: string | Buffer): string => createHash('sha256').update(payload).digest('base64')
