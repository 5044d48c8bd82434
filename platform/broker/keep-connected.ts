import { once } from 'node:events'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { pause } from '../clock/pause.ts'
import { backoffMs } from '../wire/backoff.ts'

/** Where a broker is, and who connects. */
export interface BrokerLine {
  readonly url: string
  readonly connection: IClientOptions
}

/** The broker is away: what is to be published waits. */
export class BrokerAway extends Error {
  override readonly name = 'BrokerAway'
}

/**
 * Makes one connection after the other until the signal aborts, each a new one: nothing that an old one left behind is ever sent by
 * it. Never rejects.
 * @param session  is what is done with a connection: told when it has ended or is to end, and says when all is well. It may do
 *                 something last before the connection is closed
 * @param report   is told why a session ended or never began
 */
export async function keepConnected(
  line: BrokerLine,
  session: (client: MqttClient, ends: AbortSignal, wellAgain: () => void) => Promise<void>,
  report: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      await connection(line, (client, ends) => session(client, ends, () => (failures = 0)), signal)
    } catch (error) {
      if (signal.aborted) break
      report(error)
    }
    await pause(backoffMs(failures++, Math.random()), signal)
  }
}

async function connection(
  { url, connection: options }: BrokerLine,
  session: (client: MqttClient, ends: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const client = connect(url, {
    ...options,
    ...{ reconnectPeriod: 0, clean: true, resubscribe: false, log: () => undefined },
  })
  const ended = new AbortController()
  let fault = 'the broker has ended the connection'
  client.on('error', (error: Error & { code?: unknown }) => (fault = error.message || String(error.code ?? error.name)))
  client.on('close', () => ended.abort())
  const ends = AbortSignal.any([signal, ended.signal])
  try {
    await once(client as never, 'connect', { signal: ends })
    await session(client, ends)
    if (!ends.aborted) await once(ends as never, 'abort')
  } catch (error) {
    if (!ended.signal.aborted) throw error
  } finally {
    await client.endAsync(true)
  }
  if (!signal.aborted) throw new BrokerAway(fault)
}
