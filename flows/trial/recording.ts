import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { connectAsync, type IClientOptions, type IPublishPacket } from 'mqtt'
import { mostBytes, mostMessages, writeLine } from './traffic.ts'

export interface RecordingOptions {
  readonly url: string
  readonly connection: IClientOptions
  readonly topics: readonly string[]
  readonly file: string
  readonly durationMs: number
  /** Told once a second. */
  readonly progress: (recorded: Recorded) => void
  readonly signal: AbortSignal
}

export interface Recorded {
  readonly messages: number
  readonly bytes: number
  /** Why it ended before its time. */
  readonly ended?: string
}

/** A recording that cannot be made; the message says why. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/**
 * Writes what the broker carries to a new file, a line a message. It listens under a name of its own and without a
 * session: nobody else gets a message more or less for it, and nothing of it stays behind.
 * @throws RecordingError
 */
export async function record(options: RecordingOptions): Promise<Recorded> {
  const { url, topics, file, progress, signal } = options
  const client = await connected(options)
  try {
    const output = createWriteStream(file, { flags: 'wx' })
    await once(output, 'open').catch((error: NodeJS.ErrnoException) => {
      const exists = error.code === 'EEXIST'
      throw new RecordingError(
        `${file}: ${exists ? 'is there already: name another file' : `cannot be written (${error.code})`}`,
      )
    })
    let messages = 0
    let bytes = 0
    const over = Promise.withResolvers<string | undefined>()
    output.on('error', (error) => over.resolve(`${file} cannot be written: ${error.message}`))
    client.on('close', () => over.resolve(`${url} closed the connection`))
    client.on('error', (error) => over.resolve(`${url}: ${error.message}`))
    client.handleMessage = (packet, handled) => {
      const line = lineOf(packet as IPublishPacket)
      const size = Buffer.byteLength(line)
      if (messages === mostMessages || bytes + size > mostBytes) {
        over.resolve(`a recording holds ${mostMessages} messages and ${mostBytes / 1024 / 1024} MB at most`)
        return handled()
      }
      messages++
      bytes += size
      if (output.write(line)) handled()
      else output.once('drain', () => handled())
    }
    const clock = setInterval(() => progress({ messages, bytes }), 1_000)
    const timer = setTimeout(() => over.resolve(undefined), options.durationMs)
    signal.addEventListener('abort', () => over.resolve('interrupted'))
    try {
      const granted = await client.subscribeAsync([...topics], { qos: 1 })
      const refused = granted.filter(({ qos }) => qos >= 0x80).map(({ topic }) => topic)
      if (refused.length > 0) throw new RecordingError(`${url} refuses ${refused.join(', ')}`)
      const ended = await over.promise
      return { messages, bytes, ...(ended !== undefined && { ended }) }
    } finally {
      clearInterval(clock)
      clearTimeout(timer)
      await new Promise((resolve) => output.end(resolve))
    }
  } finally {
    await client.endAsync(true)
  }
}

async function connected({ url, connection }: RecordingOptions) {
  try {
    const clientId = `linha-viva-recording-${process.pid}-${Date.now().toString(36)}`
    // Without a second attempt: what went by meanwhile would be missing, and nobody would see it.
    return await connectAsync(
      url,
      { ...connection, clientId, clean: true, reconnectPeriod: 0, resubscribe: false },
      false,
    )
  } catch (error) {
    const { message, code, name } = error as NodeJS.ErrnoException
    throw new RecordingError(`${url} cannot be reached: ${message || code || name}`)
  }
}

function lineOf({ topic, payload, qos, retain }: IPublishPacket): string {
  return writeLine({ at: Date.now(), topic, payload: Buffer.from(payload as Buffer), qos, retain })
}
